# HTTP answers as tshark prints them, one observation a line:
#
#   tshark -l -n -i any -Y http.response -T fields -E separator=/t -E occurrence=l \
#     -e frame.time_epoch -e ip.dst -e tcp.dstport -e ip.src -e tcp.srcport \
#     -e http.response.code -e http.time -e frame.len |
#   awk -f tshark-requests.awk
#
# Who sends an answer was asked: the two ends change places.
BEGIN { FS = "\t"; q = "\"" }
NF >= 6 && $2 != "" && $4 != "" {
  latency = $7 == "" ? "" : sprintf(",%slatency_ms%s:%.3f", q, q, $7 * 1000)
  printf "{%stimestamp_ms%s:%.0f,%ssource%s:{%shost%s:%s%s%s,%sport%s:%d},", q, q, $1 * 1000, q, q, q, q, q, $2, q, q, q, $3
  printf "%sdestination%s:{%shost%s:%s%s%s,%sport%s:%d},%sprotocol%s:%shttp%s,", q, q, q, q, q, $4, q, q, q, $5, q, q, q, q
  printf "%sstatus_code%s:%d,%sbytes_received%s:%d%s}\n", q, q, $6, q, q, $8, latency
  fflush()
}
