#include "terminal/command.hpp"
#include "terminal/decision_view.hpp"
#include "terminal/review_session.hpp"
#include "terminal/short_text.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace approvekit::terminal {
namespace {

std::optional<std::int64_t> count_of(std::string_view word) {
    std::int64_t count = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), count);
    return parsed.ec == std::errc{} && parsed.ptr == word.data() + word.size() && count > 0 ? std::optional(count)
                                                                                            : std::nullopt;
}

}  // namespace

bool ReviewSession::can_grant() const {
    return current_ && current_->grantable();
}

void ReviewSession::grant(std::string_view rest) {
    if (!current_) return prompt_.say("No request is shown. Enter shows the next one.");
    const auto most = current_->grantable();
    if (!most) return prompt_.say("Nothing may be granted with it.");
    const auto uses = count_of(take_word(rest));
    const std::string time(take_word(rest));
    const auto lasts = grant_duration(Json(time));
    if (!uses || !lasts) {
        grant_.reset();
        return prompt_.say("Nothing is granted. How many, and for how long? g 10 2h; what may be granted is " +
                           grantable_text(screen_(), *most));
    }
    GrantTerms terms;
    terms.uses = *uses;
    terms.lasts = *lasts;
    for (std::string_view path = take_word(rest); !path.empty(); path = take_word(rest))
        terms.free.emplace_back(path);
    grant_ = std::move(terms);
    say_grant();
}

void ReviewSession::say_grant() {
    std::string text = "When it is approved, the next " + std::to_string(grant_->uses) + " like it run too, within " +
                       duration_text(grant_->lasts);
    if (!grant_->free.empty()) text += ", with any " + listed_paths(screen_(), grant_->free);
    prompt_.say(text + ". g alone takes that back.");
}

}  // namespace approvekit::terminal
