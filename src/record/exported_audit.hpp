#pragma once

#include "approvekit/audit.hpp"
#include "record/audit_chain.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

/// Returns one line of an export in JSON, without the line end: an entry with everything that the chain covers, in
/// ASCII.
[[nodiscard]] std::string export_line(const AuditEntry& entry);

/// Checks an export line by line: that each line is written exactly as export_line writes it, and that the entries form
/// a chain. So no byte of an entry of ours can change without being noticed.
class ExportedAudit {
public:
    /// `mark` as for AuditChain.
    explicit ExportedAudit(std::int64_t mark = 0) : chain_(mark) {}

    /// Takes the next line, without its end. Returns false at a fault.
    bool follow(std::string_view line);

    /// Takes all lines of `in`, up to the first fault. `first` is the first line, if it has already been read from
    /// `in`. `progress` is called with the number of entries checked so far.
    [[nodiscard]] AuditReport read(std::istream& in, const std::function<void(std::int64_t)>& progress = {},
                                   const std::optional<std::string>& first = {});

    /// Its entries continue after `start`.
    void begin_behind(const ChainStart& start) { chain_.begin_behind(start); }
    /// Notes a fault, after which nothing more is checked. Returns false.
    bool stop(const std::string& what);

    [[nodiscard]] AuditReport report() const { return chain_.report(); }
    [[nodiscard]] std::string head() const { return chain_.head(); }
    /// The place of the last line's entry.
    [[nodiscard]] std::int64_t place() const noexcept { return chain_.sequence(); }
    /// The hash of the last line's entry, hexadecimal; empty if another program wrote it.
    [[nodiscard]] const std::string& last_hash() const noexcept { return last_hash_; }
    /// What the next entries follow.
    [[nodiscard]] const ChainEnds& ends() const noexcept { return chain_.ends(); }

private:
    AuditChain chain_;
    std::string last_hash_;
    std::int64_t lines_ = 0;
};

}  // namespace approvekit::record
