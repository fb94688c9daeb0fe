#pragma once

#include "approvekit/reviewer.hpp"
#include "terminal/command.hpp"
#include "terminal/screen.hpp"

#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

namespace approvekit::terminal {

/// A person's session at the prompt. Remembers what it has shown, so that a decision counts for exactly that.
class Prompt {
public:
    /// `screen` is asked before each drawing, since a window can change its size. All must outlive the prompt.
    Prompt(Reviewer& reviewer, std::ostream& out, const std::function<Screen()>& screen);

    /// Returns at quit, at the end of `in` and when `out` can no longer be written.
    void run(std::istream& in);

private:
    using Listing = void (Prompt::*)(const std::string& cursor);

    void try_to_obey(const Command& command);
    void obey(const Command& command);

    void list(const std::string& cursor);
    void audit(const std::string& cursor);
    void offer_more(const std::string& cursor, Listing listing, Lines& lines);
    void more();
    void show(const Command& command);
    void decide(Verdict verdict, const Command& command);

    void print(const Lines& lines);
    void say(std::string_view text, Colour colour = Colour::plain);

    Reviewer& reviewer_;
    std::ostream& out_;
    const std::function<Screen()>& screen_;
    std::map<std::string, std::string, std::less<>> seen_;  // digests of the views on the screen, by id
    Listing more_ = nullptr;
    std::string cursor_;
};

}  // namespace approvekit::terminal
