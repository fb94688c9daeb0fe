#include "json/strict_reader.hpp"

#include "json/number.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace approvekit::json {
namespace {

/// Iterates over the text and records how far the parser has read, which the parser itself does not tell.
class TrackedIterator {
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    TrackedIterator(const char* at, const char** reached) : at_(at), reached_(reached) {}

    reference operator*() const { return *at_; }
    TrackedIterator& operator++() {
        *reached_ = ++at_;
        return *this;
    }
    TrackedIterator operator++(int) {
        TrackedIterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const TrackedIterator& left, const TrackedIterator& right) { return left.at_ == right.at_; }

private:
    const char* at_;
    const char** reached_;
};

/// Returns for example "syntax error while parsing value - unexpected ']'": the parser's message without its name, its
/// position and what it read last.
std::string parser_words(const Json::exception& error) {
    constexpr int number_overflow = 406;
    if (error.id == number_overflow) return "a number too large for a double";

    std::string_view words = error.what();
    const std::size_t start = words.find("syntax error");
    if (start == std::string_view::npos) return "malformed JSON";
    words.remove_prefix(start);
    return std::string(words.substr(0, words.find("; last read")));
}

/// Sits between the parser and the sink, and refuses what JSON allows and we do not. nlohmann's sax_parse prescribes
/// the names and types of its functions. Returning false stops the parser.
class StrictEvents {
public:
    StrictEvents(std::string_view text, const JsonLimits& limits, JsonSink& sink)
        : text_(text), reached_(text.data()), limits_(limits), sink_(sink) {}

    [[nodiscard]] std::optional<JsonFault> read();

    bool null() { return scalar(nullptr); }
    bool boolean(bool value) { return scalar(value); }
    bool number_integer(Json::number_integer_t value) { return number(value); }
    bool number_unsigned(Json::number_unsigned_t value) { return number(value); }
    bool number_float(Json::number_float_t value, const std::string& raw);
    bool string(std::string& value) { return scalar(std::move(value)); }
    bool binary(Json::binary_t& /*never in a text*/) { return refuse(next_token(), "a binary value"); }
    bool start_object(std::size_t /*unknown in a text*/);
    bool start_array(std::size_t /*unknown in a text*/);
    bool end_object() { return end(); }
    bool end_array() { return end(); }
    bool key(std::string& key);
    bool parse_error(std::size_t position, const std::string& last_token, const Json::exception& error);

private:
    bool scalar(Json value);
    bool number(Json value);
    bool open(std::size_t offset);
    bool end();
    bool refuse(std::size_t offset, std::string what);

    [[nodiscard]] std::size_t next_token() const { return text_.find_first_not_of(" \t\r\n,:", token_end_); }
    [[nodiscard]] std::size_t reached() const { return static_cast<std::size_t>(reached_ - text_.data()); }

    std::string_view text_;
    const char* reached_;
    std::size_t token_end_ = 0;  // where the token of the last event ends
    std::size_t depth_ = 0;
    JsonLimits limits_;
    JsonSink& sink_;
    std::optional<JsonFault> fault_;
};

std::optional<JsonFault> StrictEvents::read() {
    if (text_.size() > limits_.bytes) {
        refuse(limits_.bytes, "more than " + std::to_string(limits_.bytes) + " bytes");
    } else if (const std::size_t zero = text_.find('\0'); zero != std::string_view::npos) {
        refuse(zero, "a zero byte");  // the parser would take it for the end
    } else {
        const TrackedIterator begin(text_.data(), &reached_);
        const TrackedIterator end(text_.data() + text_.size(), &reached_);
        Json::sax_parse(begin, end, this);
    }
    return std::move(fault_);
}

bool StrictEvents::number_float(Json::number_float_t value, const std::string& raw) {
    if (raw.find_first_of(".eE") == std::string::npos) {
        return refuse(next_token(), "an integer that does not fit 64 bits");
    }
    if (!keeps_digits(value, raw)) return refuse(next_token(), "a number that loses digits in a double");
    return number(value);
}

bool StrictEvents::start_object(std::size_t /*unknown in a text*/) {
    const std::size_t offset = next_token();
    if (!open(offset)) return false;
    sink_.on_object(offset);
    return true;
}

bool StrictEvents::start_array(std::size_t /*unknown in a text*/) {
    const std::size_t offset = next_token();
    if (!open(offset)) return false;
    sink_.on_array(offset);
    return true;
}

bool StrictEvents::key(std::string& key) {
    const std::size_t offset = next_token();
    token_end_ = reached();
    return sink_.on_key(std::move(key), offset) || refuse(offset, "a key that appears twice in one object");
}

bool StrictEvents::parse_error(std::size_t position, const std::string& /*may be a secret*/,
                               const Json::exception& error) {
    return refuse(position == 0 ? 0 : position - 1, parser_words(error));
}

bool StrictEvents::scalar(Json value) {
    const std::size_t offset = next_token();
    token_end_ = reached();
    sink_.on_scalar(std::move(value), offset);
    return true;
}

bool StrictEvents::number(Json value) {
    const std::size_t offset = next_token();
    const std::size_t end = text_.find_first_not_of("+-.0123456789eE", offset);
    token_end_ = end == std::string_view::npos ? text_.size() : end;  // the parser has already read one character more
    sink_.on_scalar(std::move(value), offset);
    return true;
}

bool StrictEvents::open(std::size_t offset) {
    if (depth_ == limits_.depth) {
        return refuse(offset, "nested deeper than " + std::to_string(limits_.depth) + " levels");
    }
    ++depth_;
    token_end_ = reached();
    return true;
}

bool StrictEvents::end() {
    --depth_;
    token_end_ = reached();
    sink_.on_end();
    return true;
}

bool StrictEvents::refuse(std::size_t offset, std::string what) {
    fault_ = JsonFault{.position = TextCursor(text_).at(offset), .what = std::move(what)};
    return false;
}

}  // namespace

TextPosition TextCursor::at(std::size_t offset) {
    const std::size_t end = std::min(offset, text_.size());
    for (; offset_ < end; ++offset_) {
        if (text_[offset_] == '\n') {
            position_ = {.line = position_.line + 1, .column = 1};
        } else if (!text::continues_character(text_[offset_])) {
            ++position_.column;
        }
    }
    return position_;
}

std::optional<JsonFault> read_json(std::string_view text, const JsonLimits& limits, JsonSink& sink) {
    return StrictEvents(text, limits, sink).read();
}

void JsonValueBuilder::on_scalar(Json scalar, std::size_t /*offset*/) {
    place(std::move(scalar));
}

void JsonValueBuilder::on_object(std::size_t /*offset*/) {
    open_.push_back(&place(Json::object()));
}

void JsonValueBuilder::on_array(std::size_t /*offset*/) {
    open_.push_back(&place(Json::array()));
}

void JsonValueBuilder::on_end() {
    open_.pop_back();
}

bool JsonValueBuilder::on_key(std::string key, std::size_t /*offset*/) {
    auto& members = open_.back()->get_ref<Json::object_t&>();
    const auto [member, is_new] = members.try_emplace(std::move(key));
    member_ = &member->second;
    return is_new;
}

Json& JsonValueBuilder::place(Json value) {
    if (open_.empty()) return root_ = std::move(value);
    if (open_.back()->is_object()) return *member_ = std::move(value);
    return open_.back()->emplace_back(std::move(value));
}

}  // namespace approvekit::json
