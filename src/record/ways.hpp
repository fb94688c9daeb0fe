#pragma once

/// The ways by which a decision or an end comes to the record, except those that reviewers' programs name themselves.
namespace approvekit::record::way {

inline constexpr const char* agent = "agent";        ///< the agent gave up, or started something
inline constexpr const char* sweep = "sweep";        ///< nobody else was left to end it
inline constexpr const char* database = "database";  ///< another program wrote it into the row
inline constexpr const char* policy = "policy";      ///< nobody was asked
inline constexpr const char* grant = "grant";        ///< a person had granted it with the approval of another call

}  // namespace approvekit::record::way
