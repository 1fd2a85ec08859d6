/** A method with more than 256 local slots: wide loads, stores and iinc of every kind, and branches longer than 32 KiB of code. */
public class WideLocals {
    static long wide(int seed) {
        long a0 = seed + 0, a1 = seed + 1, a2 = seed + 2, a3 = seed + 3, a4 = seed + 4, a5 = seed + 5, a6 = seed + 6, a7 = seed + 7, a8 = seed + 8, a9 = seed + 9;
        long a10 = seed + 10, a11 = seed + 11, a12 = seed + 12, a13 = seed + 13, a14 = seed + 14, a15 = seed + 15, a16 = seed + 16, a17 = seed + 17, a18 = seed + 18, a19 = seed + 19;
        long a20 = seed + 20, a21 = seed + 21, a22 = seed + 22, a23 = seed + 23, a24 = seed + 24, a25 = seed + 25, a26 = seed + 26, a27 = seed + 27, a28 = seed + 28, a29 = seed + 29;
        long a30 = seed + 30, a31 = seed + 31, a32 = seed + 32, a33 = seed + 33, a34 = seed + 34, a35 = seed + 35, a36 = seed + 36, a37 = seed + 37, a38 = seed + 38, a39 = seed + 39;
        long a40 = seed + 40, a41 = seed + 41, a42 = seed + 42, a43 = seed + 43, a44 = seed + 44, a45 = seed + 45, a46 = seed + 46, a47 = seed + 47, a48 = seed + 48, a49 = seed + 49;
        long a50 = seed + 50, a51 = seed + 51, a52 = seed + 52, a53 = seed + 53, a54 = seed + 54, a55 = seed + 55, a56 = seed + 56, a57 = seed + 57, a58 = seed + 58, a59 = seed + 59;
        long a60 = seed + 60, a61 = seed + 61, a62 = seed + 62, a63 = seed + 63, a64 = seed + 64, a65 = seed + 65, a66 = seed + 66, a67 = seed + 67, a68 = seed + 68, a69 = seed + 69;
        long a70 = seed + 70, a71 = seed + 71, a72 = seed + 72, a73 = seed + 73, a74 = seed + 74, a75 = seed + 75, a76 = seed + 76, a77 = seed + 77, a78 = seed + 78, a79 = seed + 79;
        long a80 = seed + 80, a81 = seed + 81, a82 = seed + 82, a83 = seed + 83, a84 = seed + 84, a85 = seed + 85, a86 = seed + 86, a87 = seed + 87, a88 = seed + 88, a89 = seed + 89;
        long a90 = seed + 90, a91 = seed + 91, a92 = seed + 92, a93 = seed + 93, a94 = seed + 94, a95 = seed + 95, a96 = seed + 96, a97 = seed + 97, a98 = seed + 98, a99 = seed + 99;
        long a100 = seed + 100, a101 = seed + 101, a102 = seed + 102, a103 = seed + 103, a104 = seed + 104, a105 = seed + 105, a106 = seed + 106, a107 = seed + 107, a108 = seed + 108, a109 = seed + 109;
        long a110 = seed + 110, a111 = seed + 111, a112 = seed + 112, a113 = seed + 113, a114 = seed + 114, a115 = seed + 115, a116 = seed + 116, a117 = seed + 117, a118 = seed + 118, a119 = seed + 119;
        long a120 = seed + 120, a121 = seed + 121, a122 = seed + 122, a123 = seed + 123, a124 = seed + 124, a125 = seed + 125, a126 = seed + 126, a127 = seed + 127, a128 = seed + 128, a129 = seed + 129;
        int i = seed;
        long l = 1L << 40;
        float f = 0.5f;
        double d = 0.25;
        Object o = "start";
        int[] array = {1, 2, 3};
        for (int k = 0; k < 10; k++) { // k is beyond slot 255
            i += 1000;
            i -= 3;
            i++;
            l += i;
            f += k;
            d *= 1.5;
            o = o.toString() + k;
            array[k % 3] += k;
        }
        long sum = 0;
        sum += a0 * 1 + a1 * 2 + a2 * 3 + a3 * 4 + a4 * 5 + a5 * 6 + a6 * 7 + a7 * 8 + a8 * 9 + a9 * 10;
        sum += a10 * 11 + a11 * 12 + a12 * 13 + a13 * 14 + a14 * 15 + a15 * 16 + a16 * 17 + a17 * 18 + a18 * 19 + a19 * 20;
        sum += a20 * 21 + a21 * 22 + a22 * 23 + a23 * 24 + a24 * 25 + a25 * 26 + a26 * 27 + a27 * 28 + a28 * 29 + a29 * 30;
        sum += a30 * 31 + a31 * 32 + a32 * 33 + a33 * 34 + a34 * 35 + a35 * 36 + a36 * 37 + a37 * 38 + a38 * 39 + a39 * 40;
        sum += a40 * 41 + a41 * 42 + a42 * 43 + a43 * 44 + a44 * 45 + a45 * 46 + a46 * 47 + a47 * 48 + a48 * 49 + a49 * 50;
        sum += a50 * 51 + a51 * 52 + a52 * 53 + a53 * 54 + a54 * 55 + a55 * 56 + a56 * 57 + a57 * 58 + a58 * 59 + a59 * 60;
        sum += a60 * 61 + a61 * 62 + a62 * 63 + a63 * 64 + a64 * 65 + a65 * 66 + a66 * 67 + a67 * 68 + a68 * 69 + a69 * 70;
        sum += a70 * 71 + a71 * 72 + a72 * 73 + a73 * 74 + a74 * 75 + a75 * 76 + a76 * 77 + a77 * 78 + a78 * 79 + a79 * 80;
        sum += a80 * 81 + a81 * 82 + a82 * 83 + a83 * 84 + a84 * 85 + a85 * 86 + a86 * 87 + a87 * 88 + a88 * 89 + a89 * 90;
        sum += a90 * 91 + a91 * 92 + a92 * 93 + a93 * 94 + a94 * 95 + a95 * 96 + a96 * 97 + a97 * 98 + a98 * 99 + a99 * 100;
        sum += a100 * 101 + a101 * 102 + a102 * 103 + a103 * 104 + a104 * 105 + a105 * 106 + a106 * 107 + a107 * 108 + a108 * 109 + a109 * 110;
        sum += a110 * 111 + a111 * 112 + a112 * 113 + a113 * 114 + a114 * 115 + a115 * 116 + a116 * 117 + a117 * 118 + a118 * 119 + a119 * 120;
        sum += a120 * 121 + a121 * 122 + a122 * 123 + a123 * 124 + a124 * 125 + a125 * 126 + a126 * 127 + a127 * 128 + a128 * 129 + a129 * 130;
        System.out.println(i + " " + l + " " + f + " " + d + " " + o + " " + array[0] + array[1] + array[2]);
        return sum;
    }

    /** javac writes a finally block twice, so nested ones double: the loop's jumps need 32-bit offsets. */
    static int far(int n, int y) {
        int x = 0;
        while (x < n) {
            try {
                x += 0 - y / 1;
            } finally {
              try {
                  x += 1 - y / 2;
              } finally {
                try {
                    x += 2 - y / 3;
                } finally {
                  try {
                      x += 3 - y / 4;
                  } finally {
                    try {
                        x += 4 - y / 5;
                    } finally {
                      try {
                          x += 5 - y / 6;
                      } finally {
                        try {
                            x += 6 - y / 7;
                        } finally {
                          try {
                              x += 7 - y / 8;
                          } finally {
                            try {
                                x += 8 - y / 9;
                            } finally {
                              x = (x ^ 0x12345678) + 1 + (y << 20);
                              x = (x - (y << 20) - 1) ^ 0x12345678;
                              x = (x ^ 0x23456789) + 3 + (y << 21);
                              x = (x - (y << 21) - 3) ^ 0x23456789;
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
            x++;
        }
        return x;
    }

    public static void main(String[] args) {
        System.out.println(wide(7));
        System.out.println(far(1000, 1));
        try {
            wide(args[0].length());
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
    }
}
