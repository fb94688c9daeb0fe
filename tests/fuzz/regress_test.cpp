// What fuzzing once found, and the corpora that it starts from, replayed without a fuzzer.
#include "fuzz/property.hpp"

#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace fs = std::filesystem;
using namespace approvekit::fuzz;

namespace {

/// How many inputs of `folder` were replayed.
std::size_t replay(const Property& property, const fs::path& folder) {
    std::size_t count = 0;
    if (!fs::exists(folder)) return count;
    for (const auto& entry : fs::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        CAPTURE(entry.path());
        CHECK_NOTHROW(property.check(bytes));
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("every property holds for its corpus and for what fuzzing once found") {
    const fs::path tests = APPROVEKIT_TESTS_DIRECTORY;
    for (const Property& property : properties) {
        CAPTURE(property.name);
        CHECK(replay(property, tests / "fuzz" / "corpus" / property.name) > 0);
        replay(property, tests / "regress" / property.name);
    }
}
