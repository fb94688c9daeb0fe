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
    for (const auto& [keyword, value] : usual)
        options_.try_emplace(keyword, value);
    options_["client_encoding"] = "UTF8";
    const auto shown = [&](const char* keyword) {
        const auto found = options_.find(keyword);
        return found == options_.end() ? std::string() : found->second;
    };
    place_ = "postgresql://" + (shown("service").empty() ? shown("host") : "service=" + shown("service")) + "/" +
             shown("dbname");
}

}  // namespace approvekit::postgres
