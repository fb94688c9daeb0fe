#include "web/identification.hpp"

namespace approvekit::web {

Answer unauthorized(std::string_view message) {
    Answer answer = error_answer(401, "unauthorized", message);
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
}

std::string_view bearer_secret(const RequestHead& head) {
    constexpr std::string_view bearer = "Bearer ";
    const std::string_view given = head.header("authorization").value_or("");
    return given.starts_with(bearer) ? given.substr(bearer.size()) : std::string_view();
}

}  // namespace approvekit::web
