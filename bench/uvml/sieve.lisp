(load (merge-pathnames "bench.lisp" *load-truename*))

(deftype bytes () '(simple-array (unsigned-byte 8) (*)))

(declaim (ftype (function (bytes i32) i32) sieve))
(defun sieve (composite n)
  (declare (type bytes composite) (type i32 n))
  (let ((count 0))
    (declare (type i32 count))
    (loop for i of-type i32 from 0 below n do (setf (aref composite i) 0))
    (loop for i of-type i32 from 2 below n do
      (when (= (aref composite i) 0)
        (incf count)
        (loop for j of-type i32 from (+ i i) below n by i do
          (setf (aref composite j) 1))))
    count))

(defun kernel ()
  (let* ((n 2000000)
         (composite (make-array n :element-type '(unsigned-byte 8)))
         (sum 0))
    (declare (type i32 n sum))
    (loop for round of-type i32 from 0 below 200 do
      (incf sum (sieve composite (- n round))))
    sum))

(report-kernel (kernel))
