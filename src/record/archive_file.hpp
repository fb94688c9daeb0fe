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

/// BLAKE2b-256 of bytes that are added in pieces.
class RunningDigest {
public:
    RunningDigest();
    ~RunningDigest();
    RunningDigest(const RunningDigest&) = delete;
    RunningDigest& operator=(const RunningDigest&) = delete;

    void add(std::string_view bytes);
    /// Returns the digest in hexadecimal. To be called once.
    [[nodiscard]] std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The file of an archive while it is written: `FILE-unfinished`. It replaces what a killed process left under that
/// name. It gets its final name only once all of it is on the disk, and never replaces another file. While an object of
/// this class exists, nobody else writes an archive there.
///
/// The file has a first line, a line for each entry, as in an export, a line for each row, and the anchor. All
/// functions throw StorageError (storage_io, storage_full), which names the file.
class ArchiveWriter {
public:
    /// `is_known`: whether the record names the file that was left there. Throws StorageError (storage_busy) too, if it
    /// does or if somebody else is writing that file.
    ArchiveWriter(std::filesystem::path file, const std::function<bool()>& is_known);
    /// Removes the unfinished file, unless the record may name it.
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;

    /// Writes the first line. The entries continue the chain from `before`.
    void begin(const ChainStart& before);
    void add_entry(std::int64_t sequence, const AuditRecord& record, std::string_view hash);
    void add_row(const PortableTable& table, const PortableRow& row);

    [[nodiscard]] std::int64_t entries() const noexcept { return entries_; }
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
    /// Returns the digest of all lines so far. Only the anchor may follow.
    [[nodiscard]] std::string digest();
    /// Writes the anchor and syncs the file to the disk.
    void finish(const ArchiveAnchor& anchor);
    /// Returns where the file can be read until it has its final name.
    [[nodiscard]] const std::filesystem::path& unfinished() const noexcept { return unfinished_; }
    /// From now on the record may name the file, so it must not be lost.
    void leave() noexcept { may_be_known_ = true; }
    /// The record does not name the file after all.
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

/// Gives the file of that archive its final name, unless it already has it, and reads the whole file again. Throws
/// StorageError if neither the file nor the unfinished one exists, or if a byte of it was changed.
void give_name(const ArchiveAnchor& anchor);

/// Checks the archive at that path as verify_archive does, and returns its anchor. Throws StorageError
/// (storage_corrupt) if something does not fit.
[[nodiscard]] ArchiveAnchor read_archive(const std::filesystem::path& file);

}  // namespace approvekit::record
