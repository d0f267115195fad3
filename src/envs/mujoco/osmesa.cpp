// Contexts from OSMesa, Mesa's renderer into plain memory. What is declared here is its stable interface (GL/osmesa.h).
#include <array>

#include "envs/mujoco/gl_library.h"
#include "envs/mujoco/gl_makers.h"

namespace ddpg {
namespace {

using Context = void*;

constexpr unsigned kRgba = 0x1908, kUnsignedByte = 0x1401;

struct OsMesa {
  GlLibrary library{"libOSMesa.so.8"};

  Context (*create)(unsigned, int, int, int,
                    Context) = library.find<Context(unsigned, int, int, int, Context)>("OSMesaCreateContextExt");
  void (*destroy)(Context) = library.find<void(Context)>("OSMesaDestroyContext");
  unsigned char (*make_current)(Context, void*, unsigned, int, int) =
      library.find<unsigned char(Context, void*, unsigned, int, int)>("OSMesaMakeCurrent");
};

OsMesa& osmesa() {  // never unloaded, as in egl.cpp
  static OsMesa& instance = *new OsMesa;
  return instance;
}

class OsMesaContext final : public GlContext {
 public:
  OsMesaContext() : context_(osmesa_.create(kRgba, 24, 8, 0, nullptr)) {
    if (context_ == nullptr) throw Error("it made no context");
  }
  ~OsMesaContext() override { osmesa_.destroy(context_); }

  void make_current() override {
    if (!osmesa_.make_current(context_, buffer_.data(), kUnsignedByte, kSide, kSide))
      throw Error("[mujoco] OSMesa did not make its context current");
  }
  void release() override { osmesa_.make_current(nullptr, nullptr, kUnsignedByte, 0, 0); }

 private:
  static constexpr int kSide = 16;  // the frame is MuJoCo's own buffer; this one is only there because it must be

  OsMesa& osmesa_ = osmesa();
  Context context_;
  std::array<unsigned char, 4 * kSide * kSide> buffer_{};
};

}  // namespace

std::unique_ptr<GlContext> make_osmesa_context() {
  return std::make_unique<OsMesaContext>();
}

}  // namespace ddpg
