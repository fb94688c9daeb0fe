#include "record/explorer/step.hpp"

namespace approvekit::explorer {

std::string_view name_of(Step step) noexcept {
    constexpr std::array<std::string_view, all_steps> names{"submit",
                                                            "claim",
                                                            "finish",
                                                            "give_up",
                                                            "close",
                                                            "other_asks",
                                                            "other_claims",
                                                            "other_finishes",
                                                            "other_spends",
                                                            "other_gives_back",
                                                            "ana_approves",
                                                            "ana_rejects",
                                                            "bob_approves",
                                                            "bob_rejects",
                                                            "ana_approves_again",
                                                            "eve_approves",
                                                            "ana_edits",
                                                            "bob_edits",
                                                            "bob_edits_otherwise",
                                                            "stop",
                                                            "resume",
                                                            "sweep",
                                                            "agent_dies",
                                                            "agent_falls_silent",
                                                            "other_dies",
                                                            "deadline_nears",
                                                            "deadline_passes",
                                                            "clock_is_set_back",
                                                            "row_says_approved",
                                                            "row_says_rejected",
                                                            "row_says_pending",
                                                            "row_says_nonsense",
                                                            "row_says_other_arguments",
                                                            "row_is_removed",
                                                            "row_comes_back",
                                                            "vote_is_planted",
                                                            "vote_is_copied",
                                                            "votes_are_removed",
                                                            "edits_are_swapped",
                                                            "edits_are_removed",
                                                            "stop_is_removed",
                                                            "stop_says_lifted",
                                                            "stop_is_narrowed"};
    return names[static_cast<std::size_t>(step)];
}

std::string as_test_case(const Order& order, Setting setting, std::string_view engine, std::string_view what) {
    constexpr std::array<std::string_view, 7> names{"alone",      "with_key",   "with_votes",      "with_stops",
                                                    "with_limit", "with_edits", "with_voted_edits"};
    const std::string of = "Setting::" + std::string(names[static_cast<std::size_t>(setting)]);
    std::string text = "TEST_CASE(\"" + std::string(what) + "\") {\n    " + std::string(engine) + "Site site(" + of +
                       ");\n    CHECK(fault_in(site, " + of + ", {";
    for (std::size_t index = 0; index < order.size(); ++index)
        text += (index == 0 ? "Step::" : ", Step::") + std::string(name_of(order[index]));
    return text + "}) == \"\");\n}\n";
}

}  // namespace approvekit::explorer
