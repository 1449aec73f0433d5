# New TCP connections as tshark prints them, one observation a line:
#
#   tshark -l -n -i any -Y 'tcp.flags.syn == 1 && tcp.flags.ack == 0 && !tcp.analysis.retransmission' \
#     -T fields -E separator=/t \
#     -e frame.time_epoch -e ip.src -e tcp.srcport -e ip.dst -e tcp.dstport |
#   awk -f tshark-connections.awk
#
# Who sends the first packet asks; nothing is known of requests, so nothing is said of them.
BEGIN { FS = "\t"; q = "\"" }
NF >= 5 && $2 != "" && $4 != "" {
  printf "{%stimestamp_ms%s:%.0f,%ssource%s:{%shost%s:%s%s%s,%sport%s:%d},", q, q, $1 * 1000, q, q, q, q, q, $2, q, q, q, $3
  printf "%sdestination%s:{%shost%s:%s%s%s,%sport%s:%d},%sevidence%s:%sflow%s}\n", q, q, q, q, q, $4, q, q, q, $5, q, q, q, q
  fflush()
}
