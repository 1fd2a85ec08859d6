(load (merge-pathnames "bench.lisp" *load-truename*))

(declaim (inline escape))
(defun escape (cr ci limit)
  (declare (type double-float cr ci) (type i32 limit))
  (let ((zr 0d0) (zi 0d0) (i 0))
    (declare (type double-float zr zi) (type i32 i))
    (loop while (and (< i limit) (<= (+ (* zr zr) (* zi zi)) 4d0)) do
      (let ((next (+ (- (* zr zr) (* zi zi)) cr)))
        (setf zi (+ (* 2d0 zr zi) ci))
        (setf zr next)
        (incf i)))
    i))

(defun mandelbrot (size limit)
  (declare (type i32 size limit))
  (let ((sum 0))
    (declare (type i32 sum))
    (loop for y of-type i32 from 0 below size do
      (loop for x of-type i32 from 0 below size do
        (incf sum (escape (- (/ (* 2d0 x) size) 1.5d0) (- (/ (* 2d0 y) size) 1d0) limit))))
    sum))

(report-kernel (mandelbrot 1000 500))
