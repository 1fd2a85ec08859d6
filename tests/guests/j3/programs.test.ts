import { testPrograms } from "./program-tests.ts";

testPrograms("Java programs", () => ({}), 120);
