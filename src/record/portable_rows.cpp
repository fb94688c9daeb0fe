#include "record/portable_rows.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/terminal_text.hpp"
#include "json/json_view.hpp"
#include "json/strict_reader.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace approvekit::record {

namespace {

using enum ColumnKind;

constexpr std::array request_columns{PortableColumn{"id"},
                                     PortableColumn{"tool_name"},
                                     PortableColumn{"tool_args"},
                                     PortableColumn{"status"},
                                     PortableColumn{"created_at"},
                                     PortableColumn{"reviewed_at"},
                                     PortableColumn{"reviewer_notes"},
                                     PortableColumn{"metadata"}};

constexpr std::array base_audit_columns{PortableColumn{"id"},
                                        PortableColumn{"request_id"},
                                        PortableColumn{"tool_name"},
                                        PortableColumn{"tool_args"},
                                        PortableColumn{"decision"},
                                        PortableColumn{"timestamp"},
                                        PortableColumn{"reviewer_notes"},
                                        PortableColumn{"metadata"}};

constexpr std::array session_columns{PortableColumn{"number", integer},      PortableColumn{"boot_id"},
                                     PortableColumn{"pid_namespace"},        PortableColumn{"pid", integer},
                                     PortableColumn{"start_time", integer},  PortableColumn{"started_at"},
                                     PortableColumn{"first_entry", integer}, PortableColumn{"ended_at"}};

constexpr std::array binding_columns{PortableColumn{"request_id"},
                                     PortableColumn{"session", integer},
                                     PortableColumn{"agent"},
                                     PortableColumn{"nonce"},
                                     PortableColumn{"action_digest"},
                                     PortableColumn{"view_digest"},
                                     PortableColumn{"policy_digest"},
                                     PortableColumn{"redactions"},
                                     PortableColumn{"deadline"},
                                     PortableColumn{"boot_id"},
                                     PortableColumn{"boot_deadline", integer},
                                     PortableColumn{"is_open", flag},
                                     PortableColumn{"run"},
                                     PortableColumn{"run_note"},
                                     PortableColumn{"started_at"},
                                     PortableColumn{"finished_at"},
                                     PortableColumn{"tool_name"},
                                     PortableColumn{"tool_args"},
                                     PortableColumn{"created_at"},
                                     PortableColumn{"metadata"}};

constexpr std::array decision_columns{
    PortableColumn{"number", integer}, PortableColumn{"request_id"},  PortableColumn{"verdict"},
    PortableColumn{"reviewer"},        PortableColumn{"way"},         PortableColumn{"notes"},
    PortableColumn{"decided_at"},      PortableColumn{"view_digest"}, PortableColumn{"entry_id"},
    PortableColumn{"key_id"},          PortableColumn{"statement"},   PortableColumn{"signature"}};

constexpr std::array vote_columns{
    PortableColumn{"number", integer}, PortableColumn{"request_id"},  PortableColumn{"verdict"},
    PortableColumn{"reviewer"},        PortableColumn{"way"},         PortableColumn{"notes"},
    PortableColumn{"voted_at"},        PortableColumn{"view_digest"}, PortableColumn{"entry_id"},
    PortableColumn{"shown"},           PortableColumn{"key_id"},      PortableColumn{"statement"},
    PortableColumn{"signature"}};

constexpr std::array link_columns{
    PortableColumn{"seq", integer},    PortableColumn{"entry_id"},  PortableColumn{"request_id"},
    PortableColumn{"event"},           PortableColumn{"tool_name"}, PortableColumn{"tool_args"},
    PortableColumn{"timestamp"},       PortableColumn{"notes"},     PortableColumn{"metadata"},
    PortableColumn{"reviewer"},        PortableColumn{"way"},       PortableColumn{"follows"},
    PortableColumn{"is_signed", flag}, PortableColumn{"view"},      PortableColumn{"session", integer},
    PortableColumn{"hash", bytes}};

constexpr std::array key_columns{PortableColumn{"number", integer},
                                 PortableColumn{"key"},
                                 PortableColumn{"tool_name"},
                                 PortableColumn{"secret_id"},
                                 PortableColumn{"commitment"},
                                 PortableColumn{"request_id"},
                                 PortableColumn{"entry_id"},
                                 PortableColumn{"session", integer},
                                 PortableColumn{"run"},
                                 PortableColumn{"note"}};

constexpr std::array stop_columns{
    PortableColumn{"number", integer}, PortableColumn{"stop_id"},  PortableColumn{"tool"},     PortableColumn{"agent"},
    PortableColumn{"reason"},          PortableColumn{"reviewer"}, PortableColumn{"way"},      PortableColumn{"since"},
    PortableColumn{"ended_at"},        PortableColumn{"ended_by"}, PortableColumn{"ended_way"}};

constexpr std::array use_columns{PortableColumn{"number", integer}, PortableColumn{"limit_id"},
                                 PortableColumn{"bucket"},          PortableColumn{"start"},
                                 PortableColumn{"at", integer},     PortableColumn{"amount", integer},
                                 PortableColumn{"total", integer},  PortableColumn{"was_given_back", flag}};

constexpr std::array grant_columns{
    PortableColumn{"number", integer}, PortableColumn{"request_id"}, PortableColumn{"tool_name"},
    PortableColumn{"agent"},           PortableColumn{"since"},      PortableColumn{"until"},
    PortableColumn{"revoked_at"},      PortableColumn{"revoked_by"}, PortableColumn{"revoked_way"}};

constexpr std::array grant_use_columns{PortableColumn{"number", integer}, PortableColumn{"grant_id"},
                                       PortableColumn{"place", integer}, PortableColumn{"start"}, PortableColumn{"at"}};

constexpr std::array archive_columns{PortableColumn{"place", integer}, PortableColumn{"line"}};

constexpr std::array start_columns{PortableColumn{"place", integer}, PortableColumn{"hash", bytes},
                                   PortableColumn{"first"}};

constexpr std::array kept_columns{PortableColumn{"seq", integer}, PortableColumn{"before", bytes},
                                  PortableColumn{"leaves", flag}};

constexpr std::array hold_columns{
    PortableColumn{"number", integer}, PortableColumn{"subject"},  PortableColumn{"reason"},
    PortableColumn{"reviewer"},        PortableColumn{"way"},      PortableColumn{"since"},
    PortableColumn{"ended_at"},        PortableColumn{"ended_by"}, PortableColumn{"ended_way"}};

constexpr std::array all_tables{
    PortableTable{"approvekit_sessions", "number", "", session_columns},
    PortableTable{"approval_requests", "id", "id", request_columns},
    PortableTable{"audit_log", "id", "", base_audit_columns},
    PortableTable{"approvekit_audit", "seq", "", link_columns},
    PortableTable{"approvekit_requests", "request_id", "request_id", binding_columns},
    PortableTable{"approvekit_decisions", "number", "request_id", decision_columns},
    PortableTable{"approvekit_votes", "number", "request_id", vote_columns},
    PortableTable{"approvekit_keys", "number", "", key_columns},
    PortableTable{"approvekit_stops", "number", "", stop_columns},
    PortableTable{"approvekit_uses", "number", "", use_columns},
    PortableTable{"approvekit_grants", "number", "request_id", grant_columns},
    PortableTable{"approvekit_grant_uses", "number", "grant_id", grant_use_columns},
    PortableTable{"approvekit_archives", "place", "", archive_columns},
    PortableTable{"approvekit_archive_start", "place", "", start_columns},
    PortableTable{"approvekit_archive_kept", "seq", "", kept_columns},
    PortableTable{"approvekit_archive_holds", "number", "subject", hold_columns},
};

Json value_of(const PortableColumn& column, const std::optional<std::string>& value) {
    if (!value) return nullptr;
    switch (column.kind) {
        case integer:
            return std::stoll(*value);
        case flag:
            return *value == "1";
        case bytes:
            return to_hex({reinterpret_cast<const std::uint8_t*>(value->data()), value->size()});
        case text:
            break;
    }
    return json::exportable_text(*value);
}

}  // namespace

std::span<const PortableTable> portable_tables() noexcept {
    return all_tables;
}

const PortableTable& portable_table(std::string_view name) {
    const auto found = std::ranges::find(all_tables, name, &PortableTable::name);
    if (found == all_tables.end()) throw std::out_of_range(std::string(name) + " is not a table of a record");
    return *found;
}

std::string column_list(const PortableTable& table) {
    std::string list;
    for (const PortableColumn& column : table.columns)
        list.append(list.empty() ? "" : ", ").append(column.name);
    return list;
}

std::string portable_line(const PortableTable& table, const PortableRow& row) {
    Json values = Json::object();
    for (std::size_t index = 0; index < table.columns.size(); ++index) {
        const PortableColumn& column = table.columns[index];
        values[std::string(column.name)] = value_of(column, row.at(index));
    }
    return terminal_json({{"table", table.name}, {"row", std::move(values)}});
}

bool is_portable_line(std::string_view line) {
    try {
        const Json json = parse_json(line, json::any_size);
        const std::string name = json::text_at(json, "table");
        const bool is_known = std::ranges::find(all_tables, name, &PortableTable::name) != all_tables.end();
        return is_known && json.at("row").is_object() && terminal_json(json) == line;
    } catch (const ArgumentsRefusedError&) {
        return false;
    } catch (const Json::exception&) {
        return false;
    }
}

}  // namespace approvekit::record
