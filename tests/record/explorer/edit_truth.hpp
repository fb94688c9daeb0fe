#pragma once

#include "record/explorer/seen.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace approvekit::explorer {

/// Who has approved an editable request, and with which arguments, whatever the record says (G16).
class EditTruth {
public:
    /// `approvals` is how many have to approve the same arguments; if it is two, these are ana and bob.
    explicit EditTruth(std::size_t approvals) : approvals_(approvals) {}

    /// Whether there is an edit that can be forged now.
    [[nodiscard]] bool allows_forging() const;

    /// Notes a step, and returns how it made the record break G16, or an empty text. `is_in_time`: as far as its
    /// deadline and its agent are concerned, the request can be decided.
    [[nodiscard]] std::string after(Step step, const Outcome& outcome, const Seen& before, const Seen& now,
                                    bool is_in_time);

    [[nodiscard]] bool is_forged() const noexcept { return is_forged_; }
    [[nodiscard]] std::string key() const;

private:
    using People = std::set<std::string_view>;

    [[nodiscard]] const People& for_version(Version version) const;
    [[nodiscard]] std::string fault_of_approval(Step step, const Seen& before, const Seen& now, bool is_in_time);
    [[nodiscard]] std::string fault_of_result(Step step, std::size_t people, const Seen& now);
    [[nodiscard]] std::string fault_of_refusal(Step step, const Seen& before, bool is_in_time) const;
    [[nodiscard]] std::string fault_of_start(const Seen& now) const;
    [[nodiscard]] std::string fault_of_views(const Seen& now, bool is_in_time) const;

    std::size_t approvals_;
    std::array<People, 3> people_;  ///< by version
    std::optional<Version> approved_;
    bool is_forged_ = false;
};

}  // namespace approvekit::explorer
