// What gRPC's callbacks run on.
#ifndef GSH_SRC_RPC_CALLBACK_THREADS_H_
#define GSH_SRC_RPC_CALLBACK_THREADS_H_

namespace gsh::rpc {

// For whoever makes calls with gRPC's callback API, before the first one. gRPC 1.51 joins the
// threads of its callback queue when the last channel and server go. A call keeps its channel until
// its callback has returned, so that may be on one of those threads, which then joins itself and
// frees the queue that it waits for, perhaps while the process ends. After this they stay.
void KeepCallbackThreads();

}  // namespace gsh::rpc

#endif  // GSH_SRC_RPC_CALLBACK_THREADS_H_
