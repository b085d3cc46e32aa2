/**
 * Invented names that sound like the place: hill hamlets, polder villages, salt fields, old quarters, roads. Characters with their
 * pinyin, so that the English name is never guessed. No name is of a real road or village that we know of.
 */
type Syllables = readonly (readonly [zh: string, en: string])[];
const pairs = (text: string): Syllables =>
  text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(':') as [string, string]);

/** Two-character names of roads; the direction adds 路 or 街. */
export const roadNames: Syllables = pairs(`
  拾翠:Shicui 听潮:Tingchao 鸣鹤:Minghe 澄波:Chengbo 揽月:Lanyue 采莲:Cailian 汀兰:Tinglan 漱石:Shushi 沐风:Mufeng 织锦:Zhijin 晒网:Shaiwang 观澜:Guanlan
  棹歌:Zhaoge 芳洲:Fangzhou 雁来:Yanlai 鱼跃:Yuyue 兰渚:Lanzhu 南薰:Nanxun 归帆:Guifan 渔火:Yuhuo 临风:Linfeng 潮信:Chaoxin 金穗:Jinsui 稻浪:Daolang
  橘洲:Juzhou 柚园:Youyuan 桂雨:Guiyu 松涛:Songtao 竹径:Zhujing 槐荫:Huaiyin 榴花:Liuhua 梧叶:Wuye 水杉:Shuishan 星槎:Xingcha 浮玉:Fuyu 画桥:Huaqiao
  青黛:Qingdai 云帆:Yunfan 藕香:Ouxiang 菱歌:Lingge 荻花:Dihua 苇岸:Weian 鹭影:Luying 鸥盟:Oumeng 麦秋:Maiqiu 桑榆:Sangyu 蚕月:Canyue 绫罗:Lingluo
  砚池:Yanchi 墨香:Moxiang 琴溪:Qinxi 书带:Shudai 茶烟:Chayan 杏坛:Xingtan 弦歌:Xiange 文昌:Wenchang 崇学:Chongxue 明德:Mingde 敦睦:Dunmu 宁远:Ningyuan
  安澜:Anlan 定波:Dingbo 镇海:Zhenhai 平潮:Pingchao 锁澜:Suolan 济川:Jichuan 通津:Tongjin 利涉:Lishe 广济:Guangji 永固:Yonggu 丰登:Fengdeng 嘉禾:Jiahe
  新垦:Xinken 万亩:Wanmu 海棠:Haitang 银滩:Yintan 盐花:Yanhua 卤水:Lushui 牧鸥:Muou 望洋:Wangyang 启航:Qihang 云台:Yuntai 凌霄:Lingxiao 航塔:Hangta
  红枫:Hongfeng 乌桕:Wujiu 香樟:Xiangzhang 木樨:Muxi 芙蕖:Fuqu 蔷薇:Qiangwei 紫藤:Ziteng 青萝:Qingluo 碧梧:Biwu 丹桂:Dangui 白荡:Baidang 鸿渐:Hongjian
  晴岚:Qinglan 烟雨:Yanyu 霁月:Jiyue 朝晖:Zhaohui 晚照:Wanzhao 暮云:Muyun 春涨:Chunzhang 夏荫:Xiayin 秋涛:Qiutao 冬青:Dongqing 晓钟:Xiaozhong 夜泊:Yebo
`);

const first = {
  urban: pairs(
    '拱:Gong 仓:Cang 钟:Zhong 染:Ran 米:Mi 盐:Yan 书:Shu 学:Xue 井:Jing 茶:Cha 竹:Zhu 柳:Liu 官:Guan 石:Shi 太平:Taiping 长庆:Changqing 仁和:Renhe 兴福:Xingfu 元宝:Yuanbao 水亭:Shuiting 花灯:Huadeng 豆腐:Doufu 打铜:Datong 箍桶:Gutong',
  ),
  plain: pairs(
    '沈:Shen 陈:Chen 许:Xu 陆:Lu 顾:Gu 范:Fan 俞:Yu 邵:Shao 潘:Pan 施:Shi 傅:Fu 鲍:Bao 田:Tian 桑:Sang 荷:He 芦:Lu 菱:Ling 蚕:Can 双:Shuang 塘:Tang 漾:Yang 金:Jin 白:Bai 长:Chang',
  ),
  hill: pairs(
    '石:Shi 云:Yun 松:Song 竹:Zhu 枫:Feng 鹰:Ying 虎:Hu 龙:Long 茶:Cha 杨梅:Yangmei 栗:Li 樟:Zhang 乌:Wu 青:Qing 冷:Leng 响:Xiang 大:Da 里:Li 外:Wai 岭:Ling 黄:Huang 梅:Mei 千:Qian 半:Ban',
  ),
  coast: pairs(
    '头:Tou 二:Er 三:San 四:Si 五:Wu 六:Liu 七:Qi 八:Ba 九:Jiu 十:Shi 东:Dong 西:Xi 南:Nan 北:Bei 新:Xin 老:Lao 外:Wai 内:Nei 永:Yong 合:He 丰:Feng 海:Hai 沙:Sha 潮:Chao',
  ),
} as const;
const last = {
  urban: pairs('桥:qiao 巷:xiang 坊:fang 门:men 弄:nong 园:yuan 里:li 台:tai 亭:ting'),
  plain: pairs('家埭:jiadai 家桥:jiaqiao 家浜:jiabang 家荡:jiadang 墩:dun 圩:wei 湾:wan 漾:yang 浦:pu 渡:du 埠:bu'),
  hill: pairs('坞:wu 坑:keng 岙:ao 岭:ling 溪:xi 岗:gang 湾:wan 洞:dong 畈:fan 尖:jian 垅:long'),
  coast: pairs('甲:jia 团:tuan 灶:zao 垦:ken 沙:sha 丘:qiu 涂:tu 圩:wei 闸:zha 舍:she'),
} as const;

export interface Name {
  zh: string;
  en: string;
}

/** Draws names that no one else has drawn, in either language. */
export class Names {
  private readonly taken = new Set<string>();

  /** Takes a name that is given; throws when it is taken already. */
  keep(name: Name): Name {
    if (!this.isFree(name)) throw new Error(`The name ${name.zh} (${name.en}) is given twice`);
    this.taken.add(name.zh).add(name.en);
    return name;
  }

  /** A new village or quarter of that kind of land in the form that `shape` gives it. @throws when the names are used up. */
  draw(land: keyof typeof first, chance: () => number, shape: (place: Name) => Name): Name {
    for (let tries = 0; tries < 400; tries++) {
      const [front, back] = [oneOf(first[land], chance), oneOf(last[land], chance)];
      if (front[0] === back[0]) continue;
      const name = shape({ zh: front[0] + back[0], en: front[1] + back[1] });
      if (this.isFree(name)) return this.keep(name);
    }
    throw new Error(`The names for ${land} are used up`);
  }

  /** The first of the names that is free, in their order. */
  firstFree(candidates: readonly Name[]): Name {
    const free = candidates.find((name) => this.isFree(name));
    if (free === undefined) throw new Error(`None of ${candidates.map(({ zh }) => zh).join(', ')} is free`);
    return this.keep(free);
  }

  private isFree({ zh, en }: Name): boolean {
    return !this.taken.has(zh) && !this.taken.has(en);
  }
}

function oneOf<T>(list: readonly T[], chance: () => number): T {
  const picked = list[Math.floor(chance() * list.length)];
  if (picked === undefined) throw new Error('Nothing to draw from');
  return picked;
}
