// SPDX-License-Identifier: MIT
// A descriptor that goes from one process to another in a message (SCM_RIGHTS, unix(7)). Any thread.
#pragma once

#include <array>
#include <cstring>
#include <sys/socket.h>
#include <sys/uio.h>

namespace portside::support {

struct Parcel {
    char letter = 'd';
    iovec text{&letter, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    Parcel() {
        message.msg_iov = &text;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
    }
    Parcel(const Parcel&) = delete;
    Parcel& operator=(const Parcel&) = delete;
};

// To whoever reads the other end.
inline bool send_descriptor(int channel, int descriptor) {
    Parcel parcel;
    cmsghdr* const header = CMSG_FIRSTHDR(&parcel.message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    return ::sendmsg(channel, &parcel.message, 0) == 1;
}

// Takes the descriptor that waits there, and keeps it open.
inline bool keep_descriptor(int channel) {
    Parcel parcel;
    return ::recvmsg(channel, &parcel.message, 0) == 1 && CMSG_FIRSTHDR(&parcel.message) != nullptr;
}

} // namespace portside::support
