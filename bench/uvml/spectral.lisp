(load (merge-pathnames "bench.lisp" *load-truename*))

(declaim (inline a))
(defun a (i j)
  (declare (type (unsigned-byte 16) i j))
  (/ 1d0 (the i32 (+ (ash (the (unsigned-byte 32) (* (+ i j) (+ i j 1))) -1) i 1))))

(defun times-u (u out n)
  (declare (type f64s u out) (type (unsigned-byte 16) n))
  (loop for i of-type (unsigned-byte 16) from 0 below n do
    (let ((sum 0d0))
      (declare (type double-float sum))
      (loop for j of-type (unsigned-byte 16) from 0 below n do (incf sum (* (a i j) (aref u j))))
      (setf (aref out i) sum))))

(defun transposed-times-u (u out n)
  (declare (type f64s u out) (type (unsigned-byte 16) n))
  (loop for i of-type (unsigned-byte 16) from 0 below n do
    (let ((sum 0d0))
      (declare (type double-float sum))
      (loop for j of-type (unsigned-byte 16) from 0 below n do (incf sum (* (a j i) (aref u j))))
      (setf (aref out i) sum))))

(defun spectral (n)
  (declare (type (unsigned-byte 16) n))
  (let ((u (make-array n :element-type 'double-float :initial-element 1d0))
        (v (make-array n :element-type 'double-float))
        (w (make-array n :element-type 'double-float))
        (vbv 0d0) (vv 0d0))
    (declare (type (double-float 0d0) vbv vv))
    (loop repeat 40 do
      (times-u u w n)
      (transposed-times-u w v n)
      (times-u v w n)
      (transposed-times-u w u n))
    (loop for i of-type i32 from 0 below n do
      (incf vbv (* (aref u i) (aref v i)))
      (incf vv (* (aref v i) (aref v i))))
    (the i64 (truncate (the (double-float 0d0 1d15) (* 1d9 (sqrt (/ vbv vv))))))))

(report-kernel (spectral 2000))
