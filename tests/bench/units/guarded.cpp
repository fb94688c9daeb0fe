// What a user adds to one source file of a program: the umbrella header and one guarded tool.
#include <approvekit/approvekit.hpp>

#include <string>

void mail(const approvekit::ApproveKit& kit) {
    const auto send = kit.guard("send_email", {"to", "body"},
                                [](const std::string& to, const std::string& body) { return to.size() + body.size(); });
    send("ana@example.com", "Hello");
}
