#include "web/answer.hpp"

namespace approvekit::web {
namespace {

constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

}  // namespace

Answer json_answer(int status, const Json& body) {
    Answer answer;
    answer.status = status;
    // A row of another program may contain text that is not UTF-8. It must not make the whole page fail.
    answer.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    return answer;
}

Answer error_answer(int status, std::string_view code, std::string_view message) {
    return json_answer(status, {{"error", message}, {"code", code}});
}

const HeaderList& security_headers() {
    static const HeaderList headers = {
        {"Content-Security-Policy", std::string(content_security_policy)},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Cache-Control", "no-store"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    return headers;
}

Answer internal_error() {
    return error_answer(500, "internal_error", "the server could not answer this request");
}

}  // namespace approvekit::web
