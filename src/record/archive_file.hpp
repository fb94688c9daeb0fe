#pragma once

#include "approvekit/audit_archive.hpp"
#include "base/file_descriptor.hpp"
#include "record/audit_chain.hpp"
#include "record/portable_rows.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace approvekit::record {

/// BLAKE2b-256 of what comes piece by piece.
class RunningDigest {
public:
    RunningDigest();
    ~RunningDigest();
    RunningDigest(const RunningDigest&) = delete;
    RunningDigest& operator=(const RunningDigest&) = delete;

    void add(std::string_view bytes);
    /// Hexadecimal, once.
    [[nodiscard]] std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The file of an archive while it is written: `FILE-unfinished`, in the place of what somebody left there who was killed.
/// It gets its own name only once all of it is on the disk, and never takes the place of another file. As long as this
/// lives nobody else makes one there.
///
/// A line for its beginning, one for each entry as an export has it, one for each row, and its anchor. All functions throw
/// StorageError (storage_io, storage_full), which names the file.
class ArchiveWriter {
public:
    /// `is_known`: whether the record tells of what was left there. Throws storage_busy too, where it does, or where somebody
    /// else is at it.
    ArchiveWriter(std::filesystem::path file, const std::function<bool()>& is_known);
    /// Removes what was not finished, but for what the record may know of.
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;

    /// Its entries follow from `before`.
    void begin(const ChainStart& before);
    void add_entry(std::int64_t sequence, const AuditRecord& record, std::string_view hash);
    void add_row(const PortableTable& table, const PortableRow& row);

    [[nodiscard]] std::int64_t entries() const noexcept { return entries_; }
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
    /// Of all lines so far. Nothing but the anchor may follow.
    [[nodiscard]] std::string digest();
    /// Writes the anchor and puts everything on the disk.
    void finish(const ArchiveAnchor& anchor);
    /// Where it can be read until it has its name.
    [[nodiscard]] const std::filesystem::path& unfinished() const noexcept { return unfinished_; }
    /// From now on the record may know of it, so that it must not be lost.
    void leave() noexcept { may_be_known_ = true; }
    /// The record does not know of it, in the end.
    void take_back() noexcept { may_be_known_ = false; }

private:
    void add_line(std::string line);
    void write_out();

    std::filesystem::path file_;
    std::filesystem::path unfinished_;
    base::FileDescriptor open_;
    RunningDigest digest_;
    std::string waiting_;
    std::int64_t entries_ = 0;
    std::int64_t rows_ = 0;
    bool may_be_known_ = false;
};

/// Gives the file of that archive its name, where it has not got it yet, and reads all of it again. Throws StorageError
/// where there is neither the file nor what is to become it, or where a byte of it is another one.
void give_name(const ArchiveAnchor& anchor);

/// The anchor of the archive at that path, which is checked as verify_archive does. Throws StorageError (storage_corrupt)
/// where something does not fit.
[[nodiscard]] ArchiveAnchor read_archive(const std::filesystem::path& file);

}  // namespace approvekit::record
