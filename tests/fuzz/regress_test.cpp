// What fuzzing once found, and the corpora that it starts from, replayed without a fuzzer.
#include "fuzz/property.hpp"

#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace fs = std::filesystem;
using namespace approvekit::fuzz;

namespace {

/// Returns how many inputs of `folder` were replayed.
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

/// A field for the property of rows: which column, which type, which value.
std::string field(std::size_t column, char type, std::string_view value) {
    std::string text{static_cast<char>('a' + column), type};
    return text.append(value) + '\x1e';
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

TEST_CASE("a row is shown, checked and refused whatever stands in any one of its columns") {
    struct Value {
        char type;
        std::string_view text;
    };
    constexpr std::array values{Value{'t', "\x80"},
                                Value{'t', ""},
                                Value{'t', "{\"a\": \"\x80\"}"},
                                Value{'T', "[[1e999"},
                                Value{'b', "\xff"},
                                Value{'i', "\x7f\xff\xff\xff\xff\xff\xff\xff"},
                                Value{'i', "\x80\x80\x80\x80\x80\x80\x80\x80"},
                                Value{'I', "\x80"},
                                Value{'n', ""}};
    for (std::size_t column = 0; column < row_columns; ++column) {
        for (const Value& value : values) {
            CAPTURE(column, value.type, value.text);
            CHECK_NOTHROW(rows(field(column, value.type, value.text)));
        }
    }
}
