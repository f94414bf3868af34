// SPDX-License-Identifier: MIT
// What an actor can do to a descriptor table: the calling thread's own. Each command is one line of words, each answer
// one line that begins with "ok" or "error". Any one thread at a time.
#pragma once

#include <string>
#include <vector>

namespace portside::owners {

using Words = std::vector<std::string>;

[[nodiscard]] Words words_of(const std::string& line);
[[nodiscard]] std::string error_of(const std::string& what); // "error WHAT: ..." of errno

// The commands on descriptors:
//   listen KIND PORT reuse|alone [FD]  a socket that takes PORT (0: any) of loopback, at number FD where given;
//                                      KIND: tcp4, tcp6, udp4, udp6. ok FD PORT INODE
//   bind KIND PORT                     TCP without listening yet. ok FD PORT INODE
//   start FD                           listens on what bind made
//   close FD | dup FD | dup2 FROM TO   ok FD
//   files N | unfiles N                opens, closes N descriptors of /dev/null. ok HOW_MANY_NOW
//   blank FD                           puts /dev/null at FD, whatever was there
//   mailbox NAME                       where descriptors can be sent to. ok FD
//   send FD NAME                       sends a copy there; this process keeps its own
//   receive                            takes the oldest. ok FD
// Nothing when it is none of these.
[[nodiscard]] std::string descriptor_command(const Words& words);

// The mailbox of the calling thread's table is another process's after a fork.
void forget_mailbox(bool close_it);
// After exec: the mailbox is at that number (-1: none), and what is open on /dev/null is ours to close.
void remember_files(int mailbox);
[[nodiscard]] int mailbox();

} // namespace portside::owners
