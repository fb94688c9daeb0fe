#include "web/request_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace approvekit::web {
namespace {

bool is_token_character(char character) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || marks.find(character) != std::string_view::npos;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_target_character(char character) {
    return character > ' ' && character < '\x7F' && character != '#';
}

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& character : result) {
        if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
    }
    return result;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

class Parser {
public:
    explicit Parser(std::string_view text) : rest_(text) {}

    std::variant<RequestHead, Answer> parse() {
        if (read_request_line() && read_headers() && check_framing()) return std::move(head_);
        return std::move(refusal_);
    }

private:
    bool refuse(int status, std::string_view code, std::string_view message) {
        refusal_ = error_answer(status, code, message);
        return false;
    }

    bool refuse(std::string_view message) { return refuse(400, "malformed_request", message); }

    /// Returns the text up to the next line end. A bare CR or LF is not a line end.
    std::optional<std::string_view> next_line() {
        const auto end = rest_.find_first_of("\r\n");
        if (end == std::string_view::npos || rest_.substr(end, 2) != "\r\n") return std::nullopt;
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end + 2);
        return line;
    }

    bool read_request_line() {
        const auto line = next_line();
        if (!line) return refuse("the request line does not end with CR LF");
        const auto first = line->find(' ');
        const auto last = line->rfind(' ');
        if (first == std::string_view::npos || first == last) return refuse("the request line has not three parts");
        head_.method = line->substr(0, first);
        if (!is_token(head_.method)) return refuse("the method is not a word");
        return read_version(line->substr(last + 1)) && read_target(line->substr(first + 1, last - first - 1));
    }

    bool read_version(std::string_view version) {
        if (version != "HTTP/1.1" && version != "HTTP/1.0") {
            return refuse(505, "version_not_supported", "only HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        head_.keeps_alive = version == "HTTP/1.1";
        return true;
    }

    bool read_target(std::string_view target) {
        if (!target.starts_with('/')) return refuse("the address does not start with a slash");
        if (!std::all_of(target.begin(), target.end(), is_target_character)) {
            return refuse("the address holds a character that must be percent-encoded");
        }
        const auto mark = target.find('?');
        head_.path = target.substr(0, mark);
        if (mark != std::string_view::npos) head_.query = target.substr(mark + 1);
        if (head_.query.find('?') != std::string::npos) return refuse("the address has two question marks");
        if (head_.path.size() > maximum_path_bytes || target.size() > maximum_target_bytes) {
            return refuse(414, "address_too_long", "the address is too long");
        }
        return true;
    }

    bool read_headers() {
        for (std::size_t count = 0;; ++count) {
            const auto line = next_line();
            if (!line) return refuse("a header line does not end with CR LF");
            if (line->empty()) return rest_.empty() || refuse("something follows the headers");
            if (count == maximum_header_count)
                return refuse(431, "too_many_headers", "the request has too many headers");
            if (!read_header(*line)) return false;
        }
    }

    bool read_header(std::string_view line) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
            return refuse("a header line does not start with a name and a colon");
        }
        if (!std::all_of(line.begin(), line.end(), is_header_character)) {
            return refuse("a header holds a control character");
        }
        std::string name = lower(line.substr(0, colon));
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (const auto [at, added] = head_.headers.emplace(std::move(name), value); !added) return repeat(*at, value);
        return true;
    }

    /// Lists may come in several lines, but nothing that decides may be said twice.
    bool repeat(std::pair<const std::string, std::string>& header, std::string_view value) {
        constexpr std::string_view once[] = {"host",           "origin",         "content-length",
                                             "content-type",   "authorization",  "transfer-encoding",
                                             "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"};
        if (std::find(std::begin(once), std::end(once), header.first) != std::end(once)) {
            return refuse("the header " + header.first + " appears twice");
        }
        header.second.append(", ").append(value);
        head_.repeated.insert(header.first);
        return true;
    }

    bool check_framing() {
        if (const auto length = head_.header("content-length")) {
            constexpr std::size_t most_digits = 18;
            if (length->empty() || length->size() > most_digits ||
                !std::all_of(length->begin(), length->end(), is_digit)) {
                return refuse("Content-Length is not a plain number");
            }
        }
        const auto connection = lower(head_.header("connection").value_or(""));
        if (connection.find("close") != std::string::npos) head_.keeps_alive = false;
        return true;
    }

    std::string_view rest_;
    RequestHead head_;
    Answer refusal_;
};

constexpr std::string_view cookie_name = "cookie";

bool is_cookie(std::string_view line) {
    const auto is_letter = [](char wanted, char given) { return given == wanted || given == wanted - 'a' + 'A'; };
    return line.size() > cookie_name.size() && line[cookie_name.size()] == ':' &&
           std::equal(cookie_name.begin(), cookie_name.end(), line.begin(), is_letter);
}

/// If the line from `begin` to `end` in `text` is a Cookie header, removes its value. Returns where the line now ends.
/// Bytes that no header may hold stay, for the parser to refuse.
std::size_t leave_out_cookie(std::string& text, std::size_t begin, std::size_t end) {
    if (!is_cookie(std::string_view(text).substr(begin, end - begin))) return end;
    const auto from = text.begin() + static_cast<std::ptrdiff_t>(begin + cookie_name.size() + 1);
    const auto to = text.begin() + static_cast<std::ptrdiff_t>(end);
    return static_cast<std::size_t>(text.erase(std::remove_if(from, to, is_header_character), to) - text.begin());
}

/// Returns where a head ends: after an empty line, however badly its lines end; the parser refuses bad line ends.
/// Begins with the line at `line`, and moves `line` on to the first one that is not complete yet.
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

bool is_header_character(char character) {
    return character == '\t' || (static_cast<unsigned char>(character) >= 0x20 && character != '\x7F');
}

std::optional<std::string_view> RequestHead::header(std::string_view name) const {
    const auto found = headers.find(name);
    if (found == headers.end()) return std::nullopt;
    return found->second;
}

std::optional<std::size_t> RequestHead::content_length() const {
    const auto text = header("content-length");
    if (!text) return std::nullopt;
    std::size_t length = 0;
    std::from_chars(text->data(), text->data() + text->size(), length);
    return length;
}

std::variant<RequestHead, Answer> parse_request_head(std::string_view text) {
    return Parser(text).parse();
}

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
