#include "line_editor.hpp"

#include "typing_terminal.hpp"

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cwchar>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace approvekit::tools {
namespace {

constexpr int most_remembered_lines = 200;
/// The interval for checking the terminal when no signal reports a change.
constexpr int look_again_milliseconds = 1000;
constexpr int most_quiet_looks = 3;
/// How long it may take until a job that continues in the background learns that it must end.
constexpr int background_milliseconds = 300;
/// How long there must be no input before the screen can be answered: the pieces of a paste follow each other faster.
constexpr int settling_milliseconds = 300;
/// How long to wait for the next piece of a paste whose end did not come.
constexpr int longest_pause_milliseconds = 3000;

/// The text to append to `before` up to where all of `words` agree, with a blank if there is only one word.
std::string completed_rest(std::string_view before, const std::vector<std::string>& words) {
    if (words.empty()) return {};
    const std::size_t typed = before.size() - (before.find_last_of(' ') + 1);
    std::string_view common = words.front();
    for (const std::string& word : words) {
        const auto end = std::mismatch(common.begin(), common.end(), word.begin(), word.end()).first;
        common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
    }
    std::string rest(common.substr(std::min(typed, common.size())));
    return words.size() == 1 ? rest + " " : rest;
}

/// The words in one or a few lines; the last line says how many more there are.
std::string words_text(const std::vector<std::string>& words) {
    constexpr std::size_t most = 20;
    std::string text;
    for (std::size_t index = 0; index < std::min(most, words.size()); ++index)
        text += words[index] + "\n";
    if (words.size() > most) text += "and " + std::to_string(words.size() - most) + " more\n";
    return text;
}

}  // namespace

class LineEditor::Implementation {
public:
    Implementation(int input, int output, int stop)
        : terminal_(input, output), stop_(stop), history_(history_init()), no_history_(history_init()) {
        HistEvent event{};
        history(history_.get(), &event, H_SETSIZE, most_remembered_lines);
        history(history_.get(), &event, H_SETUNIQUE, 1);
        EditLine* const editor = terminal_.editor();
        el_set(editor, EL_CLIENTDATA, this);
        el_set(editor, EL_PROMPT, &give_prompt);
        el_set(editor, EL_GETCFN, &give_character);
        // libedit makes copies of narrow names that it never frees.
        el_wset(editor, EL_ADDFN, L"approvekit-complete", L"Completes the word before the cursor", &complete);
        el_wset(editor, EL_ADDFN, L"approvekit-leave", L"Deletes the character at the cursor, or leaves", &leave);
        el_set(editor, EL_BIND, "^I", "approvekit-complete", nullptr);
        el_set(editor, EL_BIND, "^D", "approvekit-leave", nullptr);
        el_set(editor, EL_BIND, paste_start, "ed-ignore", nullptr);
    }

    std::optional<std::string> read(const std::string& prompt, Kind kind, LineCompanion& companion) {
        prompt_ = prompt;
        companion_ = &companion;
        is_note_ = kind == Kind::note;
        EditLine* const editor = terminal_.editor();
        el_set(editor, EL_HIST, &history, is_note_ ? no_history_.get() : history_.get());
        int length = 0;
        const TypingLocale locale;
        const char* const text = el_gets(editor, &length);
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        if (text == nullptr || length <= 0) {
            terminal_.end_line();
            return std::nullopt;
        }
        std::string line(text, static_cast<std::size_t>(length));
        if (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
        remember(line);
        return line;
    }

    void forget_typed_ahead() {
        while (true) {
            std::array<pollfd, 2> polled{pollfd{stop_, POLLIN, 0}, pollfd{terminal_.input(), POLLIN, 0}};
            const int longest = paste_.is_pasting() ? longest_pause_milliseconds : settling_milliseconds;
            const int count = ::poll(polled.data(), polled.size(), longest);
            if (count < 0 && errno == EINTR) continue;
            if (count == 0) paste_.end();
            if (count <= 0 || polled[0].revents != 0 || !drop_typed()) return;
        }
    }

private:
    static Implementation& of(EditLine* editor) {
        void* implementation = nullptr;
        el_get(editor, EL_CLIENTDATA, &implementation);
        return *static_cast<Implementation*>(implementation);
    }

    // libedit calls these; no exception may pass through it.

    static char* give_prompt(EditLine* editor) { return of(editor).prompt_.data(); }

    static int give_character(EditLine* editor, wchar_t* character) {
        Implementation& self = of(editor);
        return self.unless_it_throws(0, [&] { return self.next_character(*character); });
    }

    static unsigned char complete(EditLine* editor, int /*key*/) {
        Implementation& self = of(editor);
        return self.unless_it_throws<unsigned char>(CC_EOF, [&] { return self.complete_word(); });
    }

    static unsigned char leave(EditLine* editor, int /*key*/) {
        const LineInfo& line = *el_line(editor);
        if (line.cursor == line.lastchar) return CC_EOF;
        el_cursor(editor, 1);
        el_deletestr(editor, 1);
        return CC_REFRESH;
    }

    /// Returns what `act` returns; if it throws, `end`, which ends the line.
    template <typename Result, typename Act>
    Result unless_it_throws(Result end, Act act) {
        try {
            return act();
        } catch (...) {
            failure_ = std::current_exception();  // read() throws it again
            return end;
        }
    }

    /// 1 with the next character that was typed, 0 at the end.
    int next_character(wchar_t& character) {
        std::mbstate_t state{};
        while (wait_for_key()) {
            char byte = 0;
            const ssize_t size = ::read(terminal_.input(), &byte, 1);
            if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (size <= 0) return 0;
            constexpr auto incomplete = static_cast<std::size_t>(-2);
            constexpr auto invalid = static_cast<std::size_t>(-1);
            wchar_t read = 0;
            const std::size_t used = std::mbrtowc(&read, &byte, 1, &state);
            if (used == invalid) state = {};
            if (used == incomplete || used == invalid) continue;
            const std::optional<wchar_t> passed = paste_.pass(read);
            if (!passed) continue;
            character = *passed;
            return 1;
        }
        return 0;
    }

    /// False at the end.
    bool drop_typed() {
        std::array<char, 256> bytes{};
        const ssize_t size = ::read(terminal_.input(), bytes.data(), bytes.size());
        if (size < 0) return errno == EINTR || errno == EAGAIN;
        for (ssize_t index = 0; index < size; ++index)
            static_cast<void>(paste_.pass(static_cast<unsigned char>(bytes.at(static_cast<std::size_t>(index)))));
        return size > 0;
    }

    /// Prints news while waiting. False when no more keys will come.
    bool wait_for_key() {
        if (!come_to_terminal()) return false;
        for (int quiet = 0;;) {
            std::array<pollfd, 3> polled{pollfd{stop_, POLLIN, 0}, pollfd{terminal_.input(), POLLIN, 0},
                                         pollfd{companion_->news_file(), POLLIN, 0}};
            const int count = ::poll(polled.data(), polled.size(), look_again_milliseconds);
            if (count < 0 && errno != EINTR) return false;
            if (!come_to_terminal()) return false;
            if (count == 0 && ++quiet >= most_quiet_looks) paste_.end();  // its end was lost
            if (count <= 0) continue;
            if (polled[0].revents != 0) return false;
            if (polled[2].revents != 0) say_above(companion_->news());
            if (polled[1].revents != 0) return true;
        }
    }

    /// False if the program must end in the background, like a job that is killed while it is stopped: the shell lets
    /// it continue to its end and keeps the terminal.
    bool come_to_terminal() {
        while (!terminal_.keep(prompt_)) {
            pollfd wanted{stop_, POLLIN, 0};
            const int count = ::poll(&wanted, 1, background_milliseconds);
            if (count > 0) {
                terminal_.leave_to_shell();
                return false;
            }
            if (count == 0) TypingTerminal::stop_in_background();
        }
        terminal_.adapt(prompt_);
        return true;
    }

    void say_above(const std::string& text) {
        if (text.empty()) return;
        terminal_.clear_line(prompt_);
        terminal_.write(text);
        terminal_.draw_line();
    }

    unsigned char complete_word() {
        EditLine* const editor = terminal_.editor();
        const LineInfo& line = *el_line(editor);
        const std::string before(line.buffer, line.cursor);
        if (is_note_) return CC_ERROR;
        const std::vector<std::string> words = companion_->completions(before);
        const std::string rest = completed_rest(before, words);
        if (!rest.empty() && el_insertstr(editor, rest.c_str()) == 0) return CC_REFRESH;
        if (words.size() < 2) return CC_ERROR;
        say_above(words_text(words));
        return CC_NORM;
    }

    void remember(const std::string& line) {
        if (is_note_ || line.empty() || !companion_->may_come_back(line)) return;
        HistEvent event{};
        history(history_.get(), &event, H_ENTER, line.c_str());
    }

    struct EndHistory {
        void operator()(History* ended) const noexcept { history_end(ended); }
    };
    using OwnedHistory = std::unique_ptr<History, EndHistory>;

    TypingTerminal terminal_;
    int stop_;
    OwnedHistory history_;
    OwnedHistory no_history_;
    std::string prompt_;
    PasteFilter paste_;
    bool is_note_ = false;
    LineCompanion* companion_ = nullptr;
    std::exception_ptr failure_;
};

LineEditor::LineEditor(int input, int output, int stop)
    : implementation_(std::make_unique<Implementation>(input, output, stop)) {}

LineEditor::~LineEditor() = default;

bool LineEditor::is_possible() {
    const char* const name = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): nothing here sets one
    if (name == nullptr || *name == '\0' || std::string_view(name) == "dumb") return false;
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

std::optional<std::string> LineEditor::read(const std::string& prompt, Kind kind, LineCompanion& companion) {
    return implementation_->read(prompt, kind, companion);
}

void LineEditor::forget_typed_ahead() {
    implementation_->forget_typed_ahead();
}

}  // namespace approvekit::tools
