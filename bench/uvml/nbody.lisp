(load (merge-pathnames "bench.lisp" *load-truename*))

(defstruct (body (:constructor make-body (x y z vx vy vz mass)))
  (x 0d0 :type double-float) (y 0d0 :type double-float) (z 0d0 :type double-float)
  (vx 0d0 :type double-float) (vy 0d0 :type double-float) (vz 0d0 :type double-float)
  (mass 0d0 :type double-float))

(defconstant +pi+ 3.141592653589793d0)
(defconstant +solar+ (* 4d0 +pi+ +pi+))
(defconstant +days+ 365.24d0)

(defun planet (x y z vx vy vz mass)
  (declare (type double-float x y z vx vy vz mass))
  (make-body x y z (* vx +days+) (* vy +days+) (* vz +days+) (* mass +solar+)))

(defun advance (bodies n dt)
  (declare (type simple-vector bodies) (type i32 n) (type double-float dt))
  (loop for i of-type i32 from 0 below n do
    (let ((b (svref bodies i)))
      (declare (type body b))
      (loop for j of-type i32 from (+ i 1) below n do
        (let* ((c (svref bodies j))
               (dx (- (body-x b) (body-x (the body c))))
               (dy (- (body-y b) (body-y (the body c))))
               (dz (- (body-z b) (body-z (the body c))))
               (d2 (+ (* dx dx) (* dy dy) (* dz dz)))
               (mag (/ dt (* d2 (sqrt (the (double-float 0d0) d2))))))
          (declare (type body c) (type double-float dx dy dz d2 mag))
          (decf (body-vx b) (* dx (body-mass c) mag))
          (decf (body-vy b) (* dy (body-mass c) mag))
          (decf (body-vz b) (* dz (body-mass c) mag))
          (incf (body-vx c) (* dx (body-mass b) mag))
          (incf (body-vy c) (* dy (body-mass b) mag))
          (incf (body-vz c) (* dz (body-mass b) mag))))))
  (loop for i of-type i32 from 0 below n do
    (let ((b (svref bodies i)))
      (declare (type body b))
      (incf (body-x b) (* dt (body-vx b)))
      (incf (body-y b) (* dt (body-vy b)))
      (incf (body-z b) (* dt (body-vz b))))))

(defun energy (bodies n)
  (declare (type simple-vector bodies) (type i32 n))
  (let ((e 0d0))
    (declare (type double-float e))
    (loop for i of-type i32 from 0 below n do
      (let ((b (svref bodies i)))
        (declare (type body b))
        (incf e (* 0.5d0 (body-mass b)
                   (+ (* (body-vx b) (body-vx b)) (* (body-vy b) (body-vy b)) (* (body-vz b) (body-vz b)))))
        (loop for j of-type i32 from (+ i 1) below n do
          (let* ((c (svref bodies j))
                 (dx (- (body-x b) (body-x (the body c))))
                 (dy (- (body-y b) (body-y (the body c))))
                 (dz (- (body-z b) (body-z (the body c)))))
            (declare (type body c) (type double-float dx dy dz))
            (decf e (/ (* (body-mass b) (body-mass c))
                       (sqrt (the (double-float 0d0) (+ (* dx dx) (* dy dy) (* dz dz))))))))))
    e))

(defun offset (bodies n)
  (declare (type simple-vector bodies) (type i32 n))
  (let ((px 0d0) (py 0d0) (pz 0d0))
    (declare (type double-float px py pz))
    (loop for i of-type i32 from 0 below n do
      (let ((b (svref bodies i)))
        (declare (type body b))
        (incf px (* (body-vx b) (body-mass b)))
        (incf py (* (body-vy b) (body-mass b)))
        (incf pz (* (body-vz b) (body-mass b)))))
    (let ((sun (svref bodies 0)))
      (declare (type body sun))
      (setf (body-vx sun) (- 0d0 (/ px +solar+)))
      (setf (body-vy sun) (- 0d0 (/ py +solar+)))
      (setf (body-vz sun) (- 0d0 (/ pz +solar+))))))

(defun kernel (steps)
  (declare (type i32 steps))
  (let ((bodies (vector
                 (planet 0d0 0d0 0d0 0d0 0d0 0d0 1d0)
                 (planet 4.84143144246472090d+00 -1.16032004402742839d+00 -1.03622044471123109d-01 1.66007664274403694d-03
                         7.69901118419740425d-03 -6.90460016972063023d-05 9.54791938424326609d-04)
                 (planet 8.34336671824457987d+00 4.12479856412430479d+00 -4.03523417114321381d-01 -2.76742510726411d-03
                         4.99852801234917238d-03 2.30417297573763929d-05 2.85885980666130812d-04)
                 (planet 1.28943695621391310d+01 -1.51111514016986312d+01 -2.23307578892655734d-01 2.96460137564761618d-03
                         2.37847173959480950d-03 -2.96589568540237556d-05 4.36624404335156298d-05)
                 (planet 1.53796971148509165d+01 -2.59193146099879641d+01 1.79258772950371181d-01 2.68067772490389322d-03
                         1.62824170038242295d-03 -9.51592254519715870d-05 5.15138902046611451d-05))))
    (offset bodies 5)
    (loop for i of-type i32 from 0 below steps do (advance bodies 5 0.01d0))
    (truncate (* 1d9 (the double-float (energy bodies 5))))))

(report-kernel (kernel 5000000))
