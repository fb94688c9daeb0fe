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
                                                            "ana_approves",
                                                            "ana_rejects",
                                                            "bob_approves",
                                                            "bob_rejects",
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
                                                            "row_comes_back"};
    return names[static_cast<std::size_t>(step)];
}

std::string as_test_case(const Order& order, std::string_view engine, std::string_view what) {
    std::string text = "TEST_CASE(\"" + std::string(what) + "\") {\n    " + std::string(engine) +
                       "Site site;\n    CHECK(fault_in(site, {";
    for (std::size_t index = 0; index < order.size(); ++index)
        text += (index == 0 ? "Step::" : ", Step::") + std::string(name_of(order[index]));
    return text + "}) == \"\");\n}\n";
}

}  // namespace approvekit::explorer
