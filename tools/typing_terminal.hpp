#pragma once

#include <histedit.h>
#include <locale.h>
#include <signal.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

namespace approvekit::tools {

/// The calling thread reads and writes characters as the environment says, for as long as this lives.
class TypingLocale {
public:
    TypingLocale() noexcept;
    ~TypingLocale();

    TypingLocale(const TypingLocale&) = delete;
    TypingLocale& operator=(const TypingLocale&) = delete;

private:
    locale_t locale_;
    locale_t before_;
};

/// Lets a changed window and the return from the background end a poll(), for as long as this lives.
class WakingSignals {
public:
    WakingSignals() noexcept;
    ~WakingSignals();

    WakingSignals(const WakingSignals&) = delete;
    WakingSignals& operator=(const WakingSignals&) = delete;

private:
    struct sigaction window_before_ {};
    struct sigaction continued_before_ {};
};

/// The terminal that libedit draws a line on, and what a line there needs beside libedit. Not thread-safe.
class TypingTerminal {
public:
    /// `input` and `output` are the same terminal. Throws std::system_error.
    TypingTerminal(int input, int output);

    [[nodiscard]] EditLine* editor() const noexcept { return editor_.get(); }
    [[nodiscard]] int input() const noexcept { return ::fileno(input_.get()); }

    /// Sets the terminal up again where somebody else changed it, and draws the line for the window as it is now.
    void adapt(const std::string& prompt);

    /// Takes the line that is being typed off the screen; the cursor is where it began.
    void clear_line(const std::string& prompt);
    void draw_line();

    /// `text` ends with its line.
    void write(const std::string& text);

    /// The cursor goes to a line of its own.
    void end_line();

    void forget_typed_ahead();

private:
    struct CloseFile {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    struct EndEditor {
        void operator()(EditLine* editor) const noexcept { el_end(editor); }
    };
    using File = std::unique_ptr<std::FILE, CloseFile>;

    /// A file of our own over that of the caller.
    static File open(int file, const char* mode);

    void bind_keys();
    [[nodiscard]] std::size_t window_width() const;

    File input_;
    File output_;
    File complaints_;  // nowhere: libedit's own words are not for the screen
    TypingLocale locale_;
    WakingSignals signals_;
    std::unique_ptr<EditLine, EndEditor> editor_;
    std::size_t width_ = 0;
};

}  // namespace approvekit::tools
