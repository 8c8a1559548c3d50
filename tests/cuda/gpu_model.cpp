#include "cuda/real_shapes.h"

#include <cstdio>
#include <cstring>

/// Writes a model of a real shape with made-up weights: NAME FILE.gguf. Without arguments, the names.
int main(int argc, char** argv) {
    using namespace altiplano;
    std::mt19937_64 random(1);
    for (const test::RealShape& real : test::realShapes()) {
        if (argc < 3) {
            std::printf("%s\n", real.name);
        } else if (std::strcmp(real.name, argv[1]) == 0) {
            test::writeGguf(test::makeRealShape(real, random), argv[2]);
            return 0;
        }
    }
    return argc < 3 ? 0 : 2;
}
