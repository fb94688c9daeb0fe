#pragma once

#include <histedit.h>
#include <locale.h>
#include <signal.h>
#include <termios.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace approvekit::tools {

// What a terminal sends before and after a paste, and how this is turned on.
constexpr const char* paste_start = "\\e[200~";  // as libedit writes it
constexpr const char* marks_pastes = "\x1b[?2004h";
constexpr const char* marks_no_pastes = "\x1b[?2004l";

/// Reads what a terminal sends, character by character, and turns pasted text into one line: line ends become blanks,
/// so that pasting several lines cannot answer something that was not seen. A value.
class PasteFilter {
public:
    /// The character to use for `character`, or nothing to drop it. The start mark of a paste is passed on, the end
    /// mark is not.
    [[nodiscard]] std::optional<wchar_t> pass(wchar_t character) noexcept;

    [[nodiscard]] bool is_pasting() const noexcept { return is_pasting_; }

    /// The end mark of the paste will not come any more.
    void end() noexcept { *this = {}; }

private:
    bool is_pasting_ = false;
    std::size_t matched_ = 0;  // characters matched of the next mark
};

/// As long as this object lives, the calling thread uses the environment's character encoding; UTF-8 if the environment
/// names a UTF-8 locale that is not installed.
class TypingLocale {
public:
    TypingLocale();
    ~TypingLocale();

    TypingLocale(const TypingLocale&) = delete;
    TypingLocale& operator=(const TypingLocale&) = delete;

private:
    locale_t locale_;
    locale_t before_;
};

/// As long as this object lives, a resized window, Ctrl+Z and the return from the background end a poll(). Only one at
/// a time in a process.
class WakingSignals {
public:
    WakingSignals() noexcept;
    ~WakingSignals();

    /// Whether a stop of the process was requested since the last check, and not done; whether the process continued
    /// after a stop.
    [[nodiscard]] static bool was_to_stop() noexcept;
    [[nodiscard]] static bool has_continued() noexcept;

    /// Stops the process as Ctrl+Z normally does. Returns when it continues.
    void stop() const noexcept;

    WakingSignals(const WakingSignals&) = delete;
    WakingSignals& operator=(const WakingSignals&) = delete;

private:
    struct sigaction window_before_ {};
    struct sigaction continued_before_ {};
    struct sigaction stop_before_ {};
};

/// The terminal on which libedit draws a line, with everything that a line needs besides libedit. Not thread-safe.
class TypingTerminal {
public:
    /// `input` and `output` are the same terminal. Throws std::system_error.
    TypingTerminal(int input, int output);
    /// Restores the terminal.
    ~TypingTerminal();

    TypingTerminal(const TypingTerminal&) = delete;
    TypingTerminal& operator=(const TypingTerminal&) = delete;

    [[nodiscard]] EditLine* editor() const noexcept { return editor_.get(); }
    [[nodiscard]] int input() const noexcept { return ::fileno(input_.get()); }

    /// Stops the process if that was requested. False when the process continues in the background: then the terminal
    /// belongs to the shell.
    [[nodiscard]] bool keep(const std::string& prompt);

    /// Stops the process as the system stops one that uses its terminal in the background. Returns when it continues.
    static void stop_in_background() noexcept;

    /// From now on the terminal is neither changed nor written to.
    void leave_to_shell();

    /// Sets the terminal up again after a stop or a change by somebody else, and draws the line for the current window.
    void adapt(const std::string& prompt);

    /// Removes the line being typed from the screen; the cursor is then where the line began.
    void clear_line(const std::string& prompt);
    void draw_line();

    /// `text` ends with a line end.
    void write(const std::string& text);

    /// Moves the cursor to a new line.
    void end_line();

private:
    struct CloseFile {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    struct EndEditor {
        void operator()(EditLine* editor) const noexcept { el_end(editor); }
    };
    using File = std::unique_ptr<std::FILE, CloseFile>;

    /// Our own FILE on the caller's descriptor.
    static File open(int file, const char* mode);

    void bind_keys();
    void suspend(const std::string& prompt);
    void give_back();
    void print(const std::string& text);
    [[nodiscard]] bool is_in_foreground() const noexcept;
    [[nodiscard]] std::size_t window_width() const;

    File input_;
    File output_;
    termios original_{};
    File complaints_;  // discarded: libedit's messages do not belong on the screen
    TypingLocale locale_;
    WakingSignals signals_;
    std::unique_ptr<EditLine, EndEditor> editor_;
    std::size_t width_ = 0;
    bool is_left_ = false;  // to the shell
};

}  // namespace approvekit::tools
