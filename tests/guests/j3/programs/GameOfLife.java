/** A small whole program: Conway's game of life on a torus, text block input, enums, records, streams for output. */
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

public class GameOfLife {
    enum Cell {
        DEAD('.'), ALIVE('#');
        final char glyph;
        Cell(char glyph) { this.glyph = glyph; }
        static Cell of(int c) { return c == '#' ? ALIVE : DEAD; }
        Cell next(int neighbours) {
            return switch (this) {
                case ALIVE -> neighbours == 2 || neighbours == 3 ? ALIVE : DEAD;
                case DEAD -> neighbours == 3 ? ALIVE : DEAD;
            };
        }
    }

    record Grid(int width, int height, Cell[] cells) {
        static Grid parse(String text, int width, int height) {
            Cell[] cells = new Cell[width * height];
            Arrays.fill(cells, Cell.DEAD);
            int row = 0;
            for (String line : text.lines().toList()) {
                for (int col = 0; col < line.length(); col++) cells[row * width + col] = Cell.of(line.charAt(col));
                row++;
            }
            return new Grid(width, height, cells);
        }

        Cell at(int x, int y) { return cells[Math.floorMod(y, height) * width + Math.floorMod(x, width)]; }

        Grid step() {
            Cell[] next = new Cell[cells.length];
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++) {
                    int n = 0;
                    for (int dy = -1; dy <= 1; dy++) for (int dx = -1; dx <= 1; dx++) if ((dx | dy) != 0 && at(x + dx, y + dy) == Cell.ALIVE) n++;
                    next[y * width + x] = at(x, y).next(n);
                }
            return new Grid(width, height, next);
        }

        @Override public String toString() {
            return IntStream.range(0, height).mapToObj(y -> IntStream.range(0, width).mapToObj(x -> String.valueOf(at(x, y).glyph)).collect(Collectors.joining())).collect(Collectors.joining("\n"));
        }

        long alive() { return Arrays.stream(cells).filter(c -> c == Cell.ALIVE).count(); }
    }

    public static void main(String[] args) {
        Grid grid = Grid.parse("""
            .#.
            ..#
            ###
            """, 12, 8);
        Map<String, Integer> seen = new HashMap<>();
        for (int generation = 0; ; generation++) {
            String picture = grid.toString();
            if (generation % 16 == 0) System.out.println(generation + " (" + grid.alive() + ")\n" + picture);
            Integer before = seen.putIfAbsent(picture, generation);
            if (before != null) {
                System.out.println("generation " + generation + " repeats " + before);
                break;
            }
            grid = grid.step();
        }
    }
}
