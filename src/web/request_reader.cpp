#include "web/request_reader.hpp"

#include "web/request_head.hpp"

#include <algorithm>
#include <array>

namespace approvekit::web {
namespace {

/// Where a head ends: after an empty line, however badly its ends are written; the parser refuses bad ones.
std::size_t find_end(std::string_view text, std::size_t from) {
    for (auto at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        const std::string_view before = text.substr(0, at);
        if (before.empty() || before == "\r" || before.ends_with('\n') || before.ends_with("\n\r")) return at + 1;
    }
    return std::string_view::npos;
}

}  // namespace

RequestReader::Result RequestReader::read_head(std::string& head) {
    const auto now = std::chrono::steady_clock::now();
    if (buffer_.empty()) {
        if (read_more(now + patience_.idle) != Result::complete) return Result::closed;
    }
    const auto deadline = std::chrono::steady_clock::now() + patience_.head;
    std::size_t searched = 0;
    for (;;) {
        const auto end = find_end(buffer_, searched);
        if (std::min(end, buffer_.size()) > maximum_head_bytes) return Result::too_large;
        if (end != std::string_view::npos) {
            head = buffer_.substr(0, end);
            buffer_.erase(0, end);
            return Result::complete;
        }
        searched = buffer_.size();
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
