#include "web/request_reader.hpp"

#include "web/request_head.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace approvekit::web {
namespace {

constexpr std::string_view cookie_name = "cookie";

bool is_cookie(std::string_view line) {
    const auto is_letter = [](char wanted, char given) { return given == wanted || given == wanted - 'a' + 'A'; };
    return line.size() > cookie_name.size() && line[cookie_name.size()] == ':' &&
           std::equal(cookie_name.begin(), cookie_name.end(), line.begin(), is_letter);
}

/// Leaves out what a Cookie says that stands from `begin` to `end` in `text`; returns where the line ends now. Bytes
/// that no header may hold stay, for the parser to refuse.
std::size_t leave_out_cookie(std::string& text, std::size_t begin, std::size_t end) {
    if (!is_cookie(std::string_view(text).substr(begin, end - begin))) return end;
    const auto from = text.begin() + static_cast<std::ptrdiff_t>(begin + cookie_name.size() + 1);
    const auto to = text.begin() + static_cast<std::ptrdiff_t>(end);
    return static_cast<std::size_t>(text.erase(std::remove_if(from, to, is_header_character), to) - text.begin());
}

/// Where a head ends: after an empty line, however badly its ends are written; the parser refuses bad ones. Begins with
/// the line at `line`, which it moves on to the first that has not come whole.
std::size_t find_end(std::string& text, std::size_t& line) {
    for (;;) {
        const std::size_t end = leave_out_cookie(text, line, std::min(text.find('\n', line), text.size()));
        if (end == text.size()) return std::string::npos;
        const std::string_view words = std::string_view(text).substr(line, end - line);
        line = end + 1;
        if (words.empty() || words == "\r") return line;
    }
}

}  // namespace

RequestReader::Result RequestReader::read_head(std::string& head) {
    const auto now = std::chrono::steady_clock::now();
    if (buffer_.empty()) {
        if (read_more(now + patience_.idle) != Result::complete) return Result::closed;
    }
    const auto deadline = std::chrono::steady_clock::now() + patience_.head;
    std::size_t line = 0;
    std::size_t cookie_bytes = 0;
    for (;;) {
        const std::size_t before = buffer_.size();
        const std::size_t end = find_end(buffer_, line);
        cookie_bytes += before - buffer_.size();
        if (std::min(end, buffer_.size()) > maximum_head_bytes || cookie_bytes > maximum_cookie_bytes) {
            return Result::too_large;
        }
        if (end != std::string::npos) {
            head = buffer_.substr(0, end);
            buffer_.erase(0, end);
            return Result::complete;
        }
        if (const Result result = read_more(deadline); result != Result::complete) return result;
    }
}

RequestReader::Result RequestReader::read_body(std::size_t length, std::string& body) {
    const auto deadline = std::chrono::steady_clock::now() + patience_.body;
    while (buffer_.size() < length) {
        if (const Result result = read_more(deadline); result != Result::complete) return result;
    }
    body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return Result::complete;
}

RequestReader::Result RequestReader::read_more(Socket::Deadline deadline) {
    std::array<char, 8 * 1024> bytes;
    const auto count = socket_.read(bytes, deadline);
    if (!count) return Result::late;
    if (*count == 0) return Result::cut;
    buffer_.append(bytes.data(), *count);
    return Result::complete;
}

}  // namespace approvekit::web
