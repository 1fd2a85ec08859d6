;;; The time of a kernel, as the programs of all three languages print it.
(declaim (optimize (speed 3) (safety 0) (debug 0)))
(declaim (sb-ext:muffle-conditions sb-ext:compiler-note))
(setf *read-default-float-format* 'double-float)
(deftype i32 () '(signed-byte 32))
(deftype i64 () '(signed-byte 62))
(deftype f64s () '(simple-array double-float (*)))
(defmacro report-kernel (form)
  `(let* ((start (get-internal-real-time))
          (checksum ,form)
          (end (get-internal-real-time)))
     (format t "kernel-ms ~,3F~%checksum ~D~%"
             (/ (* 1000d0 (- end start)) internal-time-units-per-second) checksum)))
