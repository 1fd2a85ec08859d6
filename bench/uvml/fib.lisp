(load (merge-pathnames "bench.lisp" *load-truename*))

(declaim (ftype (function (i32) i32) fib))
(defun fib (n)
  (declare (type i32 n))
  (if (< n 2) n (the i32 (+ (fib (- n 1)) (fib (- n 2))))))

(report-kernel (fib 43))
