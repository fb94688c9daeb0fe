#pragma once

#include "record/explorer/invariants.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace approvekit::explorer {

/// Tries every order of up to `depth` transactions, with or without one disturbance between any two of them.
///
/// States that no later step can tell apart are continued only once, which covers the same as trying all orders. The
/// first order that breaks something is one of the shortest.
class Explorer {
public:
    /// The first order that breaks a guarantee, and which guarantee; empty if there is none.
    struct Finding {
        Order order;
        std::string what;
    };

    explicit Explorer(Setting setting = Setting::alone) : setting_(setting), site_(setting) {}

    [[nodiscard]] Finding explore(int depth);

    [[nodiscard]] std::uint64_t orders() const noexcept { return orders_; }
    [[nodiscard]] std::size_t states() const noexcept { return nodes_.size(); }

private:
    static constexpr int not_tried = -1;
    static constexpr int not_allowed = -2;

    struct Node {
        MemorySite::Place place;
        Truth truth;
        Seen seen;
        Order order;            ///< one of the shortest that lead here
        std::vector<int> next;  ///< by step
    };
    /// How many orders lead to each node.
    using Layer = std::unordered_map<int, std::uint64_t>;

    [[nodiscard]] int node_at(const Truth& truth, Seen seen, Order order);
    /// The node after `step`, or not_allowed. Throws a Finding.
    [[nodiscard]] int follow(int node, Step step);
    template <typename Steps>
    void walk_on(const Layer& from, const Steps& steps, Layer& to);

    Setting setting_;
    MemorySite site_;
    std::vector<Node> nodes_;
    std::unordered_map<std::string, int> known_;
    std::uint64_t orders_ = 0;
};

/// An order of `length` steps, including disturbances, that depends only on `seed`.
[[nodiscard]] Order random_order(std::uint32_t seed, int length);

}  // namespace approvekit::explorer
