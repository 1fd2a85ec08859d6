(load (merge-pathnames "bench.lisp" *load-truename*))

(defun fill-matrix (m n seed)
  (declare (type f64s m) (type (unsigned-byte 16) n) (type double-float seed))
  (loop for i of-type i32 from 0 below (* n n) do
    (setf (aref m i) (- (* (rem i 17) seed) 3d0))))

(defun multiply (a b c n)
  (declare (type f64s a b c) (type (unsigned-byte 16) n))
  (loop for i of-type (unsigned-byte 16) from 0 below n do
    (loop for j of-type (unsigned-byte 16) from 0 below n do
      (let ((sum 0d0))
        (declare (type double-float sum))
        (loop for k of-type (unsigned-byte 16) from 0 below n do
          (incf sum (* (aref a (+ (* i n) k)) (aref b (+ (* k n) j)))))
        (setf (aref c (+ (* i n) j)) sum)))))

(defun kernel (n)
  (declare (type (unsigned-byte 16) n))
  (let ((a (make-array (* n n) :element-type 'double-float))
        (b (make-array (* n n) :element-type 'double-float))
        (c (make-array (* n n) :element-type 'double-float))
        (trace 0d0))
    (declare (type double-float trace))
    (fill-matrix a n 0.5d0)
    (fill-matrix b n 0.25d0)
    (loop for round of-type i32 from 0 below 100 do
      (multiply a b c n)
      (loop for i of-type i32 from 0 below n do (incf trace (aref c (+ (* i n) i))))
      (setf (aref a round) (coerce round 'double-float)))
    (the i64 (truncate (the (double-float -1d15 1d15) (* trace 1000d0))))))

(report-kernel (kernel 300))
