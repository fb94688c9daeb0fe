#include "record/explorer/explorer.hpp"

#include <random>
#include <utility>

namespace approvekit::explorer {

int Explorer::node_at(const Truth& truth, Seen seen, Order order) {
    const auto [known, is_new] =
        known_.try_emplace(site_.key(!truth.is_touched()) + truth.key(), static_cast<int>(nodes_.size()));
    if (is_new) {
        nodes_.push_back(
            {site_.place(), truth, std::move(seen), std::move(order), std::vector<int>(all_steps, not_tried)});
    }
    return known->second;
}

int Explorer::follow(int at, Step step) {
    const auto index = static_cast<std::size_t>(step);
    const auto from = static_cast<std::size_t>(at);
    if (nodes_[from].next[index] != not_tried) return nodes_[from].next[index];
    if (!nodes_[from].truth.allows(step)) return nodes_[from].next[index] = not_allowed;
    site_.return_to(nodes_[from].place);
    const Outcome outcome = site_.take(step);
    Seen now = site_.look();
    Truth truth = nodes_[from].truth;
    Order order = nodes_[from].order;
    order.push_back(step);
    const std::string fault = truth.after(step, outcome, nodes_[from].seen, now);
    if (!fault.empty()) throw Finding{std::move(order), fault};
    const int next = node_at(truth, std::move(now), std::move(order));
    return nodes_[from].next[index] = next;
}

template <typename Steps>
void Explorer::walk_on(const Layer& from, const Steps& steps, Layer& to) {
    for (const auto& [node, count] : from) {
        for (const Step step : steps) {
            const int next = follow(node, step);
            if (next != not_allowed) to[next] += count;
        }
    }
}

Explorer::Finding Explorer::explore(int depth) {
    try {
        Layer here{{node_at(Truth(setting_), site_.look(), {}), 1}};
        for (int taken = 0; taken < depth; ++taken) {
            Layer disturbed = here;
            if (taken > 0) walk_on(here, disturbances, disturbed);
            here.clear();
            walk_on(disturbed, transactions, here);
            for (const auto& [node, count] : here)
                orders_ += count;
        }
        return {};
    } catch (const Finding& finding) {
        return finding;
    }
}

Order random_order(std::uint32_t seed, int length) {
    std::mt19937 random(seed);
    Order order{Step::submit};
    while (order.size() < static_cast<std::size_t>(length)) {
        const bool disturbs = random() % 3 == 0;
        const Step step =
            disturbs ? disturbances[random() % disturbances.size()] : transactions[random() % transactions.size()];
        order.push_back(step);
    }
    return order;
}

}  // namespace approvekit::explorer
