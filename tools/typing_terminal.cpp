#include "typing_terminal.hpp"

#include "terminal_window.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cwchar>
#include <string_view>
#include <system_error>

namespace approvekit::tools {
namespace {

constexpr std::wstring_view start_mark = L"\x1b[200~";
constexpr std::wstring_view end_mark = L"\x1b[201~";

bool is_control(wchar_t character) noexcept {
    return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

// A signal handler has access to nothing else.
std::atomic<bool> is_to_stop = false;
std::atomic<bool> went_on = false;
static_assert(std::atomic<bool>::is_always_lock_free);

struct sigaction remember() noexcept {
    struct sigaction action {};
    action.sa_handler = [](int signal) {
        if (signal == SIGTSTP) is_to_stop = true;
        if (signal == SIGCONT) went_on = true;
    };  // without SA_RESTART, so that poll() returns
    ::sigemptyset(&action.sa_mask);
    return action;
}

locale_t locale_of_environment() {
    const locale_t named = ::newlocale(LC_CTYPE_MASK, "", nullptr);
    return named != nullptr || !reads_unicode() ? named : ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
}

/// As libedit counts them: ^A for a control character, \ooo for a byte and \U+xxxx for an invalid character.
std::size_t columns_of(std::string_view text) noexcept {
    std::size_t columns = 0;
    while (!text.empty()) {
        std::mbstate_t state{};
        wchar_t character = 0;
        const std::size_t bytes = std::mbrtowc(&character, text.data(), text.size(), &state);
        const bool is_text = bytes > 0 && bytes <= text.size();
        const int width = is_text ? ::wcwidth(character) : -1;
        if (width >= 0)
            columns += static_cast<std::size_t>(width);
        else
            columns += !is_text ? 4 : character < L' ' ? 2 : 8;
        text.remove_prefix(is_text ? bytes : 1);
    }
    return columns;
}

}  // namespace

std::optional<wchar_t> PasteFilter::pass(wchar_t character) noexcept {
    const std::wstring_view mark = is_pasting_ ? end_mark : start_mark;
    const bool was_pasting = is_pasting_;
    if (character != mark[matched_]) matched_ = 0;
    const bool is_of_mark = character == mark[matched_];
    if (is_of_mark && ++matched_ == mark.size()) {
        is_pasting_ = !is_pasting_;
        matched_ = 0;
    }
    if (!was_pasting) return character;
    if (is_of_mark) return std::nullopt;
    if (character == L'\r' || character == L'\n' || character == L'\t') return L' ';
    return is_control(character) ? std::nullopt : std::optional(character);
}

TypingLocale::TypingLocale()
    : locale_(locale_of_environment()), before_(locale_ == nullptr ? nullptr : ::uselocale(locale_)) {}

TypingLocale::~TypingLocale() {
    if (locale_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(locale_);
}

WakingSignals::WakingSignals() noexcept {
    const struct sigaction action = remember();
    ::sigaction(SIGWINCH, &action, &window_before_);
    ::sigaction(SIGCONT, &action, &continued_before_);
    ::sigaction(SIGTSTP, nullptr, &stop_before_);
    if (stop_before_.sa_handler != SIG_IGN) ::sigaction(SIGTSTP, &action, nullptr);
}

WakingSignals::~WakingSignals() {
    ::sigaction(SIGWINCH, &window_before_, nullptr);
    ::sigaction(SIGCONT, &continued_before_, nullptr);
    ::sigaction(SIGTSTP, &stop_before_, nullptr);
}

bool WakingSignals::was_to_stop() noexcept {
    return is_to_stop.exchange(false);
}

bool WakingSignals::has_continued() noexcept {
    return went_on.exchange(false);
}

void WakingSignals::stop() const noexcept {
    ::sigaction(SIGTSTP, &stop_before_, nullptr);
    ::raise(SIGTSTP);
    const struct sigaction action = remember();
    ::sigaction(SIGTSTP, &action, nullptr);
}

TypingTerminal::TypingTerminal(int input, int output)
    : input_(open(input, "r")), output_(open(output, "w")), complaints_(std::fopen("/dev/null", "we")) {
    if (::tcgetattr(this->input(), &original_) != 0)
        throw std::system_error(errno, std::generic_category(), "the terminal cannot be read");
    if (complaints_ != nullptr)
        editor_.reset(el_init("approvekit-review", input_.get(), output_.get(), complaints_.get()));
    if (editor_ == nullptr) throw std::system_error(errno, std::generic_category(), "the terminal cannot be set up");
    el_set(editor_.get(), EL_EDITOR, "emacs");
    el_set(editor_.get(), EL_SIGNAL, 0);
    // Between two lines input is not echoed, so that an arrow key leaves no ^[[A on the screen, and it is not collected
    // into lines, so that a Ctrl+D is kept.
    el_set(editor_.get(), EL_SETTY, "-x", "-echo", "-icanon", nullptr);
    el_set(editor_.get(), EL_PREP_TERM, 1);
    el_set(editor_.get(), EL_PREP_TERM, 0);
    bind_keys();
    width_ = window_width();
    write(marks_pastes);
}

TypingTerminal::~TypingTerminal() {
    editor_.reset();
    give_back();
}

void TypingTerminal::give_back() {
    if (is_left_) return;
    write(marks_no_pastes);
    while (::tcsetattr(input(), TCSADRAIN, &original_) != 0 && errno == EINTR) {
    }
}

TypingTerminal::File TypingTerminal::open(int file, const char* mode) {
    const int copy = ::fcntl(file, F_DUPFD_CLOEXEC, 0);
    File opened(copy < 0 ? nullptr : ::fdopen(copy, mode));
    if (opened == nullptr) throw std::system_error(errno, std::generic_category(), "the terminal cannot be opened");
    return opened;
}

/// libedit knows the plain arrow keys; with Shift, Alt or Ctrl, it would read the end of the sequence as text.
void TypingTerminal::bind_keys() {
    struct Key {
        char letter;
        const char* plain;
        const char* modified;
    };
    constexpr std::array keys{
        Key{'A', "ed-prev-history", "ed-prev-history"}, Key{'B', "ed-next-history", "ed-next-history"},
        Key{'C', "ed-next-char", "em-next-word"},       Key{'D', "ed-prev-char", "ed-prev-word"},
        Key{'F', "ed-move-to-end", "ed-move-to-end"},   Key{'H', "ed-move-to-beg", "ed-move-to-beg"}};
    for (const Key& key : keys) {
        for (const char* const start : {"\\e[", "\\eO"})
            el_set(editor_.get(), EL_BIND, (std::string(start) + key.letter).c_str(), key.plain, nullptr);
        for (char modifier = '2'; modifier <= '8'; ++modifier) {
            const std::string sequence = std::string("\\e[1;") + modifier + key.letter;
            el_set(editor_.get(), EL_BIND, sequence.c_str(), key.modified, nullptr);
        }
    }
    el_set(editor_.get(), EL_BIND, "\\e[3~", "ed-delete-next-char", nullptr);
    el_set(editor_.get(), EL_BIND, "^R", "em-inc-search-prev", nullptr);
}

bool TypingTerminal::keep(const std::string& prompt) {
    if (WakingSignals::was_to_stop()) suspend(prompt);
    return is_in_foreground();
}

bool TypingTerminal::is_in_foreground() const noexcept {
    const pid_t group = ::tcgetpgrp(input());
    return group < 0 || group == ::getpgrp();  // without a session it has no groups
}

void TypingTerminal::stop_in_background() noexcept {
    ::raise(SIGTTOU);
    went_on = true;
}

void TypingTerminal::leave_to_shell() {
    is_left_ = true;
    el_set(editor_.get(), EL_EDITMODE, 0);  // otherwise libedit would restore the state between two lines
}

void TypingTerminal::adapt(const std::string& prompt) {
    termios mode{};
    const bool continued = WakingSignals::has_continued();
    const bool is_ours = ::tcgetattr(input(), &mode) != 0 || (mode.c_lflag & ICANON) == 0;
    const std::size_t width = window_width();
    if (!continued && is_ours && width == width_) return;
    // Another program that had the terminal in the meantime may have written where the line began.
    continued ? write("\r\x1b[J") : clear_line(prompt);
    width_ = width;
    if (continued || !is_ours) {
        el_set(editor_.get(), EL_PREP_TERM, 0);
        el_set(editor_.get(), EL_PREP_TERM, 1);
        write(marks_pastes);
    }
    el_resize(editor_.get());
    draw_line();
}

void TypingTerminal::suspend(const std::string& prompt) {
    if (is_in_foreground()) {
        clear_line(prompt);
        give_back();
    }
    signals_.stop();
    went_on = true;  // also if it could not stop, since no shell would continue it
}

void TypingTerminal::clear_line(const std::string& prompt) {
    const LineInfo& line = *el_line(editor_.get());
    const std::string_view before(line.buffer, static_cast<std::size_t>(line.cursor - line.buffer));
    const std::size_t rows = (columns_of(prompt) + columns_of(before)) / width_;
    std::string text = "\r";
    if (rows > 0) text += "\x1b[" + std::to_string(rows) + "A";
    print(text + "\x1b[J");
}

void TypingTerminal::draw_line() {
    el_set(editor_.get(), EL_REFRESH);
}

void TypingTerminal::write(const std::string& text) {
    print(text);
}

void TypingTerminal::end_line() {
    print("\n");
}

void TypingTerminal::print(const std::string& text) {
    if (is_left_) return;
    std::fputs(text.c_str(), output_.get());
    std::fflush(output_.get());
}

std::size_t TypingTerminal::window_width() const {
    winsize size{};
    const bool is_known = ::ioctl(input(), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return is_known ? size.ws_col : 80;
}

}  // namespace approvekit::tools
