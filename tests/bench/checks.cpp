#include "agent/call_arguments.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/redaction.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "sqlite/locks.hpp"

#include <sodium.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace approvekit::bench {
namespace {

/// Something that is done only for safety.
struct Check {
    std::string what;
    int in_allowed_call;
    int in_held_call;
    std::function<std::size_t()> work;  ///< returns a part of its result, so that no compiler drops the work
};

ApprovalRequest sample_request() {
    ApprovalRequest request;
    request.id = random_uuid();
    request.tool_name = tool_name;
    request.tool_args = sample_arguments();
    request.metadata = Json::parse(*holding_policy().evaluate(tool_name).metadata);
    request.deadline = request.created_at + std::chrono::hours{1};
    request.nonce = random_hex(16);
    request.action_digest = random_hex(32);
    request.policy_digest = random_hex(32);
    return request;
}

/// The fields of an intent's entry, as the chain hashes them.
std::size_t hash_entry(const std::string& id, const std::string& arguments, const std::string& metadata) {
    return digest_of_fields({"0123456789abcdef0123456789abcdef", "1234", id, "auto", "approved", tool_name, arguments,
                             "2026-01-02T03:04:05.678901+00:00", "=auto-approved by policy", metadata, "policy",
                             "policy", "", "unsigned", "1"})[0];
}

/// An Ed25519 signature over some 300 bytes.
class SignedText {
public:
    SignedText() {
        crypto_sign_keypair(public_key_.data(), secret_key_.data());
        sign();
    }
    std::size_t sign() {
        crypto_sign_detached(signature_.data(), nullptr, bytes(), text_.size(), secret_key_.data());
        return signature_[0];
    }
    std::size_t verify() const {
        return crypto_sign_verify_detached(signature_.data(), bytes(), text_.size(), public_key_.data()) == 0 ? 1 : 0;
    }

private:
    const unsigned char* bytes() const { return reinterpret_cast<const unsigned char*>(text_.data()); }

    std::string text_ = std::string(300, 'x');
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key_{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_key_{};
    std::array<unsigned char, crypto_sign_BYTES> signature_{};
};

/// A file that is locked and checked as the record is in each transaction.
class LockedFile {
public:
    explicit LockedFile(const std::filesystem::path& folder) : path_((folder / "approvekit-checks-XXXXXX").string()) {
        descriptor_ = ::mkstemp(path_.data());
        file_.open(path_.c_str(), O_RDWR | O_CLOEXEC);
    }
    ~LockedFile() {
        ::close(descriptor_);
        ::unlink(path_.c_str());
    }
    LockedFile(const LockedFile&) = delete;
    LockedFile& operator=(const LockedFile&) = delete;

    std::size_t lock_description() const {
        const sqlite::ByteLocks locks(file_);
        return static_cast<std::size_t>(locks.exclude(1, 1) + locks.release(1, 1));
    }
    std::size_t lock_process() const { return set(F_WRLCK) + set(F_UNLCK); }
    std::size_t look() const {
        struct stat found {};
        return ::lstat(path_.c_str(), &found) == 0 ? found.st_ino : 0;
    }

private:
    std::size_t set(short type) const {
        struct flock wanted {};
        wanted.l_type = type;
        wanted.l_whence = SEEK_SET;
        wanted.l_start = 1;
        wanted.l_len = 1;
        return static_cast<std::size_t>(::fcntl(descriptor_, F_SETLK, &wanted) + 1);
    }

    std::string path_;
    int descriptor_ = -1;
    sqlite::LockDescriptor file_;
};

std::vector<Check> all_checks(const std::filesystem::path& disk) {
    const auto arguments = std::make_shared<const std::string>(canonical_json(sample_arguments()));
    const auto request = std::make_shared<const ApprovalRequest>(sample_request());
    const auto policy = std::make_shared<const Policy>(holding_policy());
    const auto signed_text = std::make_shared<SignedText>();
    const auto submitted = std::make_shared<detail::SubmittedArguments>(*arguments, JsonLimits{});
    const auto file = std::make_shared<const LockedFile>(disk);
    const std::string metadata = request->metadata.dump();
    return {
        {"process id, against a fork", 2, 5, [] { return static_cast<std::size_t>(::getpid()); }},
        {"policy evaluation", 1, 1, [=] { return static_cast<std::size_t>(policy->evaluate(tool_name).action); }},
        {"what starts compared with what was submitted (H51)", 1, 1,
         [=] { return submitted->fits(tool_name, Json(sample_arguments())) ? std::size_t{1} : std::size_t{0}; }},
        {"is one of its three files still in its place (H61)", 3, 9, [=] { return file->look(); }},
        {"a lock that survives foreign closes (H60)", 0, 0, [=] { return file->lock_description(); }},
        {"the lock that SQLite takes by itself", 0, 0, [=] { return file->lock_process(); }},
        {"canonical JSON of the arguments", 1, 1, [] { return canonical_json(sample_arguments()).size(); }},
        {"redaction of one field", 0, 1,
         [key = FingerprintKey()] { return redact(sample_arguments(), {"body"}, key).redactions.size(); }},
        {"commitment to the true arguments", 0, 2,
         [=] { return ActionCommitment(tool_name, *arguments).digest().size(); }},
        {"digest of what is shown", 0, 3, [=] { return view_digest(*request).size(); }},
        {"a new random id", 2, 5, [] { return random_uuid().size(); }},
        {"hash of an audit entry", 2, 2, [=] { return hash_entry(request->id, *arguments, metadata); }},
        {"signature made (where decisions are signed)", 0, 1, [=] { return signed_text->sign(); }},
        {"signature verified (where decisions are signed)", 0, 1, [=] { return signed_text->verify(); }},
    };
}

Samples time_of(const Check& check, int rounds) {
    constexpr int in_round = 50;
    Samples samples;
    volatile std::size_t sink = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Clock::now();
        for (int i = 0; i < in_round; ++i)
            sink = sink + check.work();
        samples.add((Clock::now() - start) / in_round);
    }
    return samples;
}

Figure total(const std::string& what, std::chrono::nanoseconds sum) {
    return {.what = what, .value = static_cast<double>(sum.count()), .unit = Unit::nanoseconds};
}

}  // namespace

void measure_checks(const Setting& setting, Report& report) {
    std::chrono::nanoseconds in_allowed{};
    std::chrono::nanoseconds in_held{};
    for (const Check& check : all_checks(setting.disk)) {
        const Samples samples = time_of(check, setting.rounds(400, 100));
        Figure figure = duration("check: " + check.what, samples.median(), samples);
        figure.note = std::to_string(check.in_allowed_call) + " in an auto-approved call, " +
                      std::to_string(check.in_held_call) + " in a held one";
        report.add(std::move(figure));
        in_allowed += check.in_allowed_call * samples.median();
        in_held += check.in_held_call * samples.median();
    }
    report.add(total("all checks of an auto-approved call", in_allowed));
    report.add(total("all checks of a held call, signed", in_held));
}

}  // namespace approvekit::bench
