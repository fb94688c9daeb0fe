#include "record/stored_rows.hpp"

#include "record/audit_rows.hpp"
#include "record/stop_rows.hpp"
#include "record/use_rows.hpp"
#include "support/catch.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace approvekit::record {

namespace {

using Row = std::vector<std::optional<std::string>>;

/// Rows from a list, as an engine would return them.
class ListedRows {
public:
    explicit ListedRows(std::vector<Row> rows) : rows_(std::move(rows)) {}

    bool next() { return ++at_ < static_cast<int>(rows_.size()); }

    [[nodiscard]] std::string text(int column) const { return value(column).value_or(""); }
    [[nodiscard]] std::optional<std::string> optional_text(int column) const { return value(column); }
    [[nodiscard]] std::string_view bytes(int column) const {
        return value(column) ? std::string_view(*value(column)) : std::string_view();
    }
    [[nodiscard]] std::string binary(int column) const { return text(column); }
    [[nodiscard]] std::int64_t integer(int column) const {
        const std::string_view digits = bytes(column);
        std::int64_t number = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return number;
    }
    [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
    [[nodiscard]] bool is_null(int column) const { return !value(column).has_value(); }
    [[nodiscard]] std::size_t size() const { return 0; }

private:
    [[nodiscard]] const std::optional<std::string>& value(int column) const {
        return rows_.at(static_cast<std::size_t>(at_)).at(static_cast<std::size_t>(column));
    }

    std::vector<Row> rows_;
    int at_ = -1;
};
static_assert(StoredRows<ListedRows>);

/// The numbers that a stretch shows, starting at `from`, until `last` is shown.
std::vector<std::int64_t> shown_of(std::vector<Row> rows, std::int64_t last, std::int64_t& from, bool& goes_on) {
    std::vector<std::int64_t> shown;
    goes_on = show_stretch(ListedRows(std::move(rows)), 0, from, [&](const ListedRows& row) {
        shown.push_back(row.integer(0));
        return row.integer(0) != last;
    });
    return shown;
}

/// An entry of ours that is an approval, with its row in audit_log.
Row approval() {
    Row row(EntryColumn::own_fault + 1);
    row.at(EntryColumn::request_id) = "a request";
    row.at(EntryColumn::event) = "approved";
    row.at(EntryColumn::hash) = "a hash";
    row.at(EntryColumn::base_id) = "an entry";
    row.at(EntryColumn::base_request_id) = "a request";
    row.at(EntryColumn::base_decision) = "approved";
    return row;
}

std::string fault_of(const Row& entry) {
    ListedRows rows({entry});
    rows.next();
    return fault_of_entry(rows, rows.binary(EntryColumn::hash));
}

std::string fault_of_approval_with(int column, std::optional<std::string> value) {
    Row row = approval();
    row.at(static_cast<std::size_t>(column)) = std::move(value);
    return fault_of(row);
}

}  // namespace

TEST_CASE("A stretch goes on behind its last row, and ends where it is told to or where there is no higher number") {
    std::int64_t from = 1;
    bool goes_on = false;
    CHECK(shown_of({{"1"}, {"3"}}, 7, from, goes_on) == std::vector<std::int64_t>{1, 3});
    CHECK(goes_on);
    CHECK(from == 4);

    CHECK(shown_of({}, 7, from, goes_on).empty());
    CHECK_FALSE(goes_on);
    CHECK(from == 4);

    CHECK(shown_of({{"4"}, {"7"}, {"8"}}, 7, from, goes_on) == std::vector<std::int64_t>{4, 7});
    CHECK_FALSE(goes_on);
    CHECK(from == 5);

    constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
    CHECK(shown_of({{std::to_string(highest)}}, 7, from, goes_on) == std::vector<std::int64_t>{highest});
    CHECK_FALSE(goes_on);
}

TEST_CASE("What is wrong with how an entry is stored is the first thing that does not fit its row in audit_log") {
    CHECK(fault_of(approval()).empty());
    CHECK(fault_of_approval_with(EntryColumn::own_fault, "its way is odd") == "its way is odd");
    CHECK(fault_of_approval_with(EntryColumn::hash, "") == "its hash is empty");
    CHECK(fault_of_approval_with(EntryColumn::event, "blessed") == "its event is not one of ours");
    CHECK(fault_of_approval_with(EntryColumn::event, "executed") == "another row in audit_log uses its id");
    CHECK(fault_of_approval_with(EntryColumn::base_id, std::nullopt) == "its row in audit_log is missing");
    CHECK(fault_of_approval_with(EntryColumn::base_request_id, "another") == "its request id was changed");
    CHECK(fault_of_approval_with(EntryColumn::base_decision, "rejected") == "its decision was changed");
    // An entry of another program says nothing that the chain vouches for.
    CHECK(fault_of_approval_with(EntryColumn::hash, std::nullopt).empty());
}

TEST_CASE("Grants come with the next to end first, and of those that end together the oldest") {
    const auto grant = [](const char* id, const char* until) {
        return Row{id, "tool", "agent", "since", until, std::nullopt, std::nullopt, std::nullopt};
    };
    const char* soon = "2024-05-01T00:00:00.000000";
    const char* later = "2024-05-02T00:00:00.000000";
    const auto grants = read_grants(ListedRows({grant("newest", soon), grant("middle", later), grant("oldest", soon)}));
    REQUIRE(grants.size() == 3);
    CHECK(grants.at(0).id == "oldest");
    CHECK(grants.at(1).id == "newest");
    CHECK(grants.at(2).id == "middle");
}

TEST_CASE("A stop and a hold are in force until their rows have an end") {
    ListedRows stops({{"a stop", "tool", "agent", "why", "ann", "web", "2024-05-01T00:00:00.000000", std::nullopt,
                       std::nullopt, std::nullopt}});
    const auto stop = read_first(std::move(stops), read_stop<ListedRows>);
    REQUIRE(stop);
    CHECK(stop->stop.in_force());
    CHECK(stop->stop.reason == "why");
    CHECK(stop->stop.since == parse_time(stop->since));

    ListedRows holds({{"a request", "why", "ann", "web", "2024-05-01T00:00:00.000000", "no time", "ben", "terminal"}});
    const auto hold = read_first(std::move(holds), read_hold<ListedRows>);
    REQUIRE(hold);
    CHECK_FALSE(hold->hold.in_force());
    CHECK(hold->ended_at == "no time");
    CHECK(hold->hold.ended_by == "ben");
    CHECK(hold->hold.ended_way == "terminal");
}

}  // namespace approvekit::record
