#include "terminal_window.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <locale>
#include <string>
#include <string_view>

namespace approvekit::tools {
namespace {

constexpr std::size_t widest = 1000;
constexpr std::size_t usual_columns = 80;
constexpr std::size_t usual_rows = 24;

std::string_view variable(const char* name) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets one
    return value == nullptr ? std::string_view() : value;
}

std::size_t number(std::string_view text) {
    std::size_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? value : 0;
}

std::size_t terminal_columns() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

std::size_t window_columns() {
    // Not COLUMNS first: in a window narrower than COLUMNS, fewer lines would fit than are counted.
    std::size_t columns = terminal_columns();
    if (columns == 0) columns = number(variable("COLUMNS"));
    return columns == 0 ? usual_columns : std::min(columns, widest);
}

std::size_t window_rows() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_row == 0 ? usual_rows : size.ws_row;
}

bool wants_colours() {
    return ::isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

bool reads_unicode() {
    std::string locale;
    for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (locale.empty()) locale = variable(name);
    }
    for (char& letter : locale)
        letter = std::tolower(letter, std::locale::classic());
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
}

}  // namespace approvekit::tools
