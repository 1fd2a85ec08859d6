(load (merge-pathnames "bench.lisp" *load-truename*))

(defstruct (tree (:constructor make-tree (depth left right)) (:copier nil))
  (depth 0 :type i32) (left nil :type (or null tree)) (right nil :type (or null tree)))

(declaim (ftype (function (i32) tree) grow))
(defun grow (depth)
  (declare (type i32 depth))
  (if (= depth 0)
      (make-tree depth nil nil)
      (make-tree depth (grow (- depth 1)) (grow (- depth 1)))))

(declaim (ftype (function (tree) i32) count-nodes))
(defun count-nodes (tree)
  (declare (type tree tree))
  (if (= (tree-depth tree) 0)
      1
      (the i32 (+ 1 (count-nodes (the tree (tree-left tree))) (count-nodes (the tree (tree-right tree)))))))

(defun kernel (least most)
  (declare (type (integer 0 30) least most))
  (let ((sum 0) (kept (grow most)))
    (declare (type i32 sum))
    (loop for depth of-type (integer 0 40) from least to most by 4 do
      (loop repeat (ash 1 (the (integer 0 30) (+ (- most depth) least))) do
        (incf sum (count-nodes (grow depth)))))
    (incf sum (count-nodes kept))
    sum))

(report-kernel (kernel 4 18))
