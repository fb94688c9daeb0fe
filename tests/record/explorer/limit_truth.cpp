#include "record/explorer/limit_truth.hpp"

#include "record/explorer/site.hpp"

#include <algorithm>

namespace approvekit::explorer {

bool LimitTruth::allows(Step step) const {
    constexpr std::size_t enough = 4;
    return step == Step::other_spends ? uses_.size() < enough : spent_last_.has_value();
}

std::string LimitTruth::after(Step step, const Outcome& outcome) {
    move_clock_by(step);
    if (step == Step::other_gives_back) {
        uses_.at(*spent_last_).amount = 0;
        spent_last_.reset();
        return outcome ? "what did not start could not be given back" : "";
    }
    if (!is_claim(step) && step != Step::other_spends) return "";
    const bool has_room = used() < most_used;
    if (outcome == ErrorCode::limit_reached && has_room) return "a call within its limit was refused";
    if (outcome) return "";
    if (!has_room) return "a call beyond its limit was started";
    uses_.push_back({time_of_start(), 1});
    if (step == Step::other_spends) spent_last_ = uses_.size() - 1;
    return "";
}

void LimitTruth::move_clock_by(Step step) {
    constexpr int hour = 3600;
    if (step == Step::deadline_nears) now_ += 50;
    if (step == Step::deadline_passes) now_ += 61;
    if (step == Step::clock_is_set_back) now_ -= hour;
}

int LimitTruth::time_of_start() const {
    return uses_.empty() ? now_ : std::max(now_, uses_.back().at);
}

int LimitTruth::used() const {
    const int since = time_of_start() - static_cast<int>(time_of_use.count());
    int sum = 0;
    for (const Use& use : uses_)
        sum += use.at > since ? use.amount : 0;
    return sum;
}

std::string LimitTruth::key() const {
    std::string key = std::to_string(now_) + (spent_last_ ? '#' + std::to_string(*spent_last_) : std::string("-"));
    for (const Use& use : uses_)
        key += ' ' + std::to_string(use.at) + ':' + std::to_string(use.amount);
    return key;
}

}  // namespace approvekit::explorer
