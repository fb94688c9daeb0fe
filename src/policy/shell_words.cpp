#include "policy/shell_words.hpp"

#include "policy/value_test.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::string_view never_plain = "|&;<>()$`*?[{}~!";  // outside quotes
constexpr std::string_view escapable_in_quotes = "$`\"\\";

constexpr std::array<std::string_view, 20> reserved_words = {
    "if",    "then", "else", "elif",     "fi",     "do",   "done",   "case", "esac", "while",
    "until", "for",  "in",   "function", "select", "time", "coproc", "[[",   "]]",   "!"};

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool is_beyond_ascii(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

/// Splits one command. Usable once.
class CommandSplitter {
public:
    explicit CommandSplitter(std::string_view text) : text_(text) {}

    std::optional<std::vector<std::string>> split() {
        if (std::any_of(text_.begin(), text_.end(), is_control)) return std::nullopt;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == ' ' || c == '\t') {
                end_word();
            } else if (!take(c)) {
                return std::nullopt;
            }
        }
        end_word();
        return is_command() ? std::optional(std::move(words_)) : std::nullopt;
    }

private:
    bool take(char c) {
        if (c == '\'') return take_single_quoted();
        if (c == '"') return take_double_quoted();
        const bool starts_comment = c == '#' && !in_word_;
        if (starts_comment || is_beyond_ascii(c) || never_plain.find(c) != std::string_view::npos) return false;
        in_word_ = true;
        if (c == '\\') {
            if (at_ == text_.size() || is_beyond_ascii(text_[at_])) return false;
            word_ += text_[at_++];
            was_quoted_ = true;
            return true;
        }
        // Before the program, a shell would take `name=value` for an assignment.
        if (c == '=' && words_.empty()) return false;
        word_ += c;
        return true;
    }

    bool take_single_quoted() {
        const std::size_t end = text_.find('\'', at_);
        if (end == std::string_view::npos) return false;
        word_ += text_.substr(at_, end - at_);
        at_ = end + 1;
        in_word_ = was_quoted_ = true;
        return true;
    }

    bool take_double_quoted() {
        in_word_ = was_quoted_ = true;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '"') return true;
            if (c == '$' || c == '`' || c == '!') return false;
            const bool escapes =
                c == '\\' && at_ < text_.size() && escapable_in_quotes.find(text_[at_]) != std::string_view::npos;
            word_ += escapes ? text_[at_++] : c;
        }
        return false;
    }

    void end_word() {
        if (!in_word_) return;
        if (words_.empty()) program_was_quoted_ = was_quoted_;
        words_.push_back(std::exchange(word_, {}));
        in_word_ = was_quoted_ = false;
    }

    [[nodiscard]] bool is_command() const {
        if (words_.empty() || words_.front().empty()) return false;
        const bool is_reserved =
            std::find(reserved_words.begin(), reserved_words.end(), words_.front()) != reserved_words.end();
        return program_was_quoted_ || !is_reserved;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<std::string> words_;
    std::string word_;
    bool in_word_ = false;
    bool was_quoted_ = false;
    bool program_was_quoted_ = false;
};

class CommandTest final : public ValueTest {
public:
    explicit CommandTest(std::optional<std::vector<std::string>> programs) : programs_(std::move(programs)) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        const auto words = value.is_string() ? split_command(value.get_ref<const std::string&>()) : std::nullopt;
        if (!words) return Truth::unknown;
        if (!programs_) return Truth::yes;
        const std::string& program = words->front();
        if (program.find('/') != std::string::npos) return Truth::unknown;  // nobody knows what is there
        return truth_of(std::find(programs_->begin(), programs_->end(), program) != programs_->end());
    }

private:
    std::optional<std::vector<std::string>> programs_;
};

}  // namespace

std::optional<std::vector<std::string>> split_command(std::string_view text) {
    return CommandSplitter(text).split();
}

ValueTestPtr simple_command(std::optional<std::vector<std::string>> programs) {
    return std::make_shared<CommandTest>(std::move(programs));
}

}  // namespace approvekit::policy
