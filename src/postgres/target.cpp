#include "postgres/target.hpp"

#include "approvekit/error.hpp"

#include <libpq-fe.h>

#include <array>
#include <memory>
#include <utility>

namespace approvekit::postgres {

namespace {

struct FreeOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

// With these a host that dies silently is noticed within seconds.
constexpr std::array<std::pair<const char*, const char*>, 7> usual{{
    {"connect_timeout", "10"},
    {"keepalives", "1"},
    {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
    {"fallback_application_name", "approvekit"},
}};

using Options = std::map<std::string, std::string>;

std::string value_of(const Options& options, const char* keyword) {
    const auto found = options.find(keyword);
    return found == options.end() ? std::string() : found->second;
}

/// Whether a password with / or @ in it may have ended up in other parts of the address, which errors show.
bool may_be_torn(const std::string& text, const Options& options) {
    const std::string port = value_of(options, "port");
    const bool is_address = text.starts_with("postgresql://") || text.starts_with("postgres://");
    return is_address && (value_of(options, "host").find('@', 1) != std::string::npos ||
                          value_of(options, "dbname").find('@') != std::string::npos ||
                          port.find_first_not_of("0123456789,") != std::string::npos);
}

}  // namespace

Target::Target(const std::string& text) {
    char* reason = nullptr;
    const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(PQconninfoParse(text.c_str(), &reason));
    PQfreemem(reason);
    if (!parsed) {
        throw Error(ErrorCode::invalid_option,
                    "this is not an address of a PostgreSQL database; write postgresql://HOST/DATABASE");
    }
    for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr) options_[option->keyword] = option->val;
    }
    if (may_be_torn(text, options_)) {
        throw Error(ErrorCode::invalid_option,
                    "this address has a port that is not a number, or an @ behind its host; if that is from a "
                    "password, leave it out, or write / as %2F and @ as %40");
    }
    for (const auto& [keyword, value] : usual)
        options_.try_emplace(keyword, value);
    options_["client_encoding"] = "UTF8";
    const auto shown = [this](const char* keyword) { return value_of(options_, keyword); };
    place_ = "postgresql://" + (shown("service").empty() ? shown("host") : "service=" + shown("service")) + "/" +
             shown("dbname");
}

}  // namespace approvekit::postgres
