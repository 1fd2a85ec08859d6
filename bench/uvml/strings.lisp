(load (merge-pathnames "bench.lisp" *load-truename*))

;; A string that grows at its end.
(defstruct builder (bytes (make-string 16 :element-type 'base-char) :type simple-base-string) (length 0 :type i32))

(defun add-text (b text)
  (declare (type builder b) (type simple-base-string text))
  (let* ((at (builder-length b)) (end (+ at (length text))))
    (declare (type i32 at end))
    (when (> end (length (builder-bytes b)))
      (let ((larger (make-string (* 2 end) :element-type 'base-char)))
        (replace larger (builder-bytes b) :end2 at)
        (setf (builder-bytes b) larger)))
    (replace (builder-bytes b) text :start1 at)
    (setf (builder-length b) end)
    nil))

(declaim (type (simple-array simple-base-string (8)) *words*))
(defparameter *words*
  (map '(simple-array simple-base-string (8)) (lambda (text) (coerce text 'simple-base-string))
       '("alpha" "be" "gamma ray" "d" "epsilon" "zeta" "eta" "theta")))

(defun kernel ()
  (let ((hash 0)
        (words *words*)
        (space (coerce " " 'simple-base-string))
        (newline (coerce (string #\Newline) 'simple-base-string)))
    (declare (type (unsigned-byte 32) hash))
    (loop for round of-type i32 from 0 below 300 do
      (let ((b (make-builder)))
        (loop for i of-type i32 from 0 below 200000 do
          (add-text b (aref words (logand (+ (* i 7) round) 7)))
          (add-text b (if (= (rem i 10) 9) newline space)))
        (let ((text (subseq (builder-bytes b) 0 (builder-length b))))
          (declare (type simple-base-string text))
          (loop for i of-type i32 from 0 below (length text) do
            (setf hash (logand #xffffffff (+ (* hash 31) (char-code (char text i)))))))))
    (if (>= hash #x80000000) (- hash #x100000000) hash)))

(report-kernel (kernel))
