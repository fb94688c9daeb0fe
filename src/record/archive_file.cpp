#include "record/archive_file.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/terminal_text.hpp"
#include "json/json_view.hpp"
#include "keys/cryptography.hpp"
#include "record/archive_lines.hpp"
#include "record/exported_audit.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>
#include <utility>

namespace approvekit::record {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t written_at_once = std::size_t{1} << 18;

StorageError archive_failed(const fs::path& file, int error) {
    const auto code = error == ENOSPC || error == EDQUOT ? ErrorCode::storage_full : ErrorCode::storage_io;
    return StorageError(code, file.string() + ": the archive cannot be written (" +
                                  std::generic_category().message(error) + "); nothing was removed from the record");
}

StorageError unreadable(const fs::path& file, int error) {
    return StorageError(ErrorCode::storage_io, file.string() + ": the archive cannot be read (" +
                                                   std::generic_category().message(error) +
                                                   "); what it holds is removed from the record only once it is there");
}

void write_all(const base::FileDescriptor& open, std::string_view bytes, const fs::path& file) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(open.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw archive_failed(file, errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

StorageError in_the_making(const fs::path& file) {
    return StorageError(ErrorCode::storage_busy,
                        file.string() +
                            ": somebody else is making an archive there; nothing was archived, try it again "
                            "when that is done");
}

/// Locks the file as long as it is open. Some file systems have no locks.
void lock_alone(const base::FileDescriptor& open, const fs::path& file) {
    if (::flock(open.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) throw in_the_making(file);
}

bool is_file_at(const base::FileDescriptor& open, const fs::path& file) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(open.get(), &opened) == 0 && ::lstat(file.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

/// Returns the file that a killed process left there, locked; nothing if there is none.
base::FileDescriptor lock_left(const fs::path& file, const std::function<bool()>& is_known) {
    base::FileDescriptor left(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!left) return left;
    lock_alone(left, file);
    if (!is_file_at(left, file) || is_known()) throw in_the_making(file);
    return left;
}

/// Returns a new file. It is locked until it is closed, so that nobody replaces it in the meantime.
base::FileDescriptor make_unfinished(const fs::path& file, const std::function<bool()>& is_known) {
    const base::FileDescriptor left = lock_left(file, is_known);
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) throw archive_failed(file, errno);
    base::FileDescriptor open(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!open) throw archive_failed(file, errno);
    lock_alone(open, file);
    if (!is_file_at(open, file)) throw in_the_making(file);
    return open;
}

/// Whether the file is the one that the anchor describes, byte for byte.
bool is_file_of(const ArchiveAnchor& anchor, const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw unreadable(file, errno);
    RunningDigest digest;
    std::string last;
    bool is_ended = false;
    for (std::string line; std::getline(in, line); last.swap(line)) {
        if (is_ended) digest.add(last + '\n');
        is_ended = !in.eof();
    }
    if (in.bad()) throw unreadable(file, errno);
    return is_ended && last == anchor.line() && digest.finish() == anchor.digest;
}

fs::path unfinished_name_of(const fs::path& file) {
    return file.string() + "-unfinished";
}

void sync_folder_of(const fs::path& file) {
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    const base::FileDescriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!open || ::fsync(open.get()) != 0) throw archive_failed(folder, errno);
}

/// Gives the file its final name, unless another file has it. Unlike a rename, a link never replaces another file.
void take_name(const fs::path& unfinished, const fs::path& file) {
    if (::link(unfinished.c_str(), file.c_str()) == 0 || errno == EEXIST || errno == ENOENT) return;
    // Some file systems have no links.
    const int error = errno;
    const bool has_links = error != EPERM && error != ENOTSUP && error != EOPNOTSUPP;
    if (has_links || fs::exists(fs::symlink_status(file))) throw archive_failed(file, error);
    if (::rename(unfinished.c_str(), file.c_str()) != 0) throw archive_failed(file, errno);
}

}  // namespace

struct RunningDigest::State {
    crypto_generichash_state blake{};
};

RunningDigest::RunningDigest() : state_(std::make_unique<State>()) {
    keys::prepare_cryptography();
    crypto_generichash_init(&state_->blake, nullptr, 0, std::tuple_size_v<Digest>);
}

RunningDigest::~RunningDigest() = default;

void RunningDigest::add(std::string_view bytes) {
    crypto_generichash_update(&state_->blake, keys::bytes_of(bytes), bytes.size());
}

std::string RunningDigest::finish() {
    Digest digest{};
    crypto_generichash_final(&state_->blake, digest.data(), digest.size());
    return to_hex(digest);
}

ArchiveWriter::ArchiveWriter(fs::path file, const std::function<bool()>& is_known)
    : file_(std::move(file)), unfinished_(unfinished_name_of(file_)), open_(make_unfinished(unfinished_, is_known)) {}

ArchiveWriter::~ArchiveWriter() {
    if (!may_be_known_) static_cast<void>(::unlink(unfinished_.c_str()));
}

void ArchiveWriter::begin(const ChainStart& before) {
    add_line(archive_head(before));
}

void ArchiveWriter::add_entry(std::int64_t sequence, const AuditRecord& record, std::string_view hash) {
    add_line(export_line(entry_of(sequence, record, hash)));
    ++entries_;
}

void ArchiveWriter::add_row(const PortableTable& table, const PortableRow& row) {
    add_line(portable_line(table, row));
    ++rows_;
}

void ArchiveWriter::add_line(std::string line) {
    line += '\n';
    digest_.add(line);
    waiting_ += line;
    if (waiting_.size() > written_at_once) write_out();
}

void ArchiveWriter::write_out() {
    write_all(open_, waiting_, unfinished_);
    waiting_.clear();
}

std::string ArchiveWriter::digest() {
    return digest_.finish();
}

void ArchiveWriter::finish(const ArchiveAnchor& anchor) {
    waiting_ += anchor.line() + "\n";
    write_out();
    if (::fsync(open_.get()) != 0) throw archive_failed(unfinished_, errno);
    sync_folder_of(unfinished_);
}

void give_name(const ArchiveAnchor& anchor) {
    const fs::path file = anchor.file;
    const fs::path unfinished = unfinished_name_of(file);
    take_name(unfinished, file);
    if (!is_file_of(anchor, file)) {
        throw StorageError(ErrorCode::storage_corrupt,
                           file.string() +
                               ": is not the archive that the record names; nothing more is removed from "
                               "the record until that is there. Move this file away, then archive again");
    }
    if (::unlink(unfinished.c_str()) != 0 && errno != ENOENT) throw archive_failed(unfinished, errno);
    sync_folder_of(file);
}

ArchiveAnchor read_archive(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw unreadable(file, errno);
    const ArchiveReport report = verify_archive(in);
    if (report.audit.intact() && report.anchor) return *report.anchor;
    const std::string what =
        report.audit.fault ? report.audit.fault->subject() + ": " + report.audit.fault->what : "it has no end";
    throw StorageError(ErrorCode::storage_corrupt, file.string() + ": is not as an archive was written: " + what);
}

}  // namespace approvekit::record
