/**
 * Emoji by the names that chats know them by: those that are written most, each one character that
 * every terminal with emoji draws two columns wide (fully qualified, no joiners, no skin tones).
 */
const TABLE = `
smile 😄 grin 😁 joy 😂 rofl 🤣 laughing 😆 sweat_smile 😅 slightly_smiling 🙂 upside_down 🙃
wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star_struck 🤩 kissing 😘 yum 😋 tongue_out 😛
crazy 🤪 money_face 🤑 hug 🤗 giggle 🤭 shush 🤫 thinking 🤔 zipper_mouth 🤐 raised_eyebrow 🤨
neutral 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 eye_roll 🙄 grimace 😬 lying 🤥
relieved 😌 pensive 😔 sleepy 😪 drooling 🤤 sleeping 😴 mask 😷 sick 🤒 bandage 🤕 nauseated 🤢
vomit 🤮 sneeze 🤧 hot 🥵 cold 🥶 woozy 🥴 dizzy_face 😵 mind_blown 🤯 cowboy 🤠 party_face 🥳
cool 😎 nerd 🤓 monocle 🧐 confused 😕 worried 😟 frown 🙁 open_mouth 😮 hushed 😯 astonished 😲
flushed 😳 pleading 🥺 frowning 😦 anguished 😧 fearful 😨 cold_sweat 😰 sad 😥 cry 😢 sob 😭
scream 😱 confounded 😖 persevere 😣 disappointed 😞 sweat 😓 weary 😩 tired 😫 yawn 🥱 triumph 😤
rage 😡 angry 😠 cursing 🤬 devil 😈 skull 💀 poop 💩 clown 🤡 ghost 👻 alien 👽 robot 🤖
salute 🫡 melting 🫠 holding_tears 🥹 heart 💖 red_heart 💗 orange_heart 🧡 yellow_heart 💛
green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍 broken_heart 💔
two_hearts 💕 sparkling_heart 💞 love_letter 💌 kiss 💋 hundred 💯 anger 💢 boom 💥 sparkles ✨
dizzy 💫 sweat_drops 💦 dash 💨 speech 💬 thought 💭 zzz 💤 wave 👋 raised_hand ✋ ok_hand 👌
crossed_fingers 🤞 love_you 🤟 metal 🤘 call_me 🤙 point_left 👈 point_right 👉 point_up 👆
point_down 👇 thumbsup 👍 thumbsdown 👎 fist ✊ punch 👊 clap 👏 raised_hands 🙌 heart_hands 🫶
open_hands 👐 handshake 🤝 pray 🙏 nails 💅 selfie 🤳 muscle 💪 ear 👂 eyes 👀 brain 🧠 tongue 👅
baby 👶 facepalm 🤦 shrug 🤷 bow 🙇 raising_hand 🙋 no_gesture 🙅 ok_gesture 🙆 dancer 💃 running 🏃
walking 🚶 ninja 🥷 family 👪 footprints 👣 monkey 🐒 see_no_evil 🙈 hear_no_evil 🙉
speak_no_evil 🙊 dog 🐶 cat 🐱 mouse 🐭 rabbit 🐰 fox 🦊 bear 🐻 panda 🐼 koala 🐨 tiger 🐯 lion 🦁
cow 🐮 pig 🐷 frog 🐸 chicken 🐔 penguin 🐧 bird 🐦 duck 🦆 eagle 🦅 owl 🦉 wolf 🐺 horse 🐴
unicorn 🦄 bee 🐝 bug 🐛 butterfly 🦋 snail 🐌 ladybug 🐞 ant 🐜 turtle 🐢 snake 🐍 octopus 🐙
crab 🦀 fish 🐟 dolphin 🐬 whale 🐳 shark 🦈 elephant 🐘 camel 🐫 sheep 🐑 goat 🐐 llama 🦙 sloth 🦥
hedgehog 🦔 cactus 🌵 christmas_tree 🎄 evergreen 🌲 tree 🌳 palm_tree 🌴 seedling 🌱 herb 🌿 clover 🍀
maple_leaf 🍁 fallen_leaf 🍂 mushroom 🍄 bouquet 💐 tulip 🌷 rose 🌹 sunflower 🌻 blossom 🌼 moon 🌙
full_moon 🌕 new_moon 🌑 earth 🌍 star ⭐ glowing_star 🌟 sun_face 🌞 partly_sunny ⛅ rainbow 🌈
umbrella ☔ zap ⚡ snowman ⛄ fire 🔥 droplet 💧 ocean 🌊 apple 🍎 pear 🍐 orange 🍊 lemon 🍋 banana 🍌
watermelon 🍉 grapes 🍇 strawberry 🍓 cherries 🍒 peach 🍑 pineapple 🍍 avocado 🥑 tomato 🍅
eggplant 🍆 broccoli 🥦 carrot 🥕 corn 🌽 potato 🥔 bread 🍞 croissant 🥐 cheese 🧀 egg 🥚 bacon 🥓
pancakes 🥞 burger 🍔 fries 🍟 pizza 🍕 taco 🌮 salad 🥗 spaghetti 🍝 ramen 🍜 sushi 🍣 rice 🍚
cookie 🍪 cake 🍰 birthday 🎂 pie 🥧 chocolate 🍫 candy 🍬 doughnut 🍩 ice_cream 🍦 honey 🍯 milk 🥛
coffee ☕ tea 🍵 sake 🍶 champagne 🍾 wine 🍷 cocktail 🍸 beer 🍺 beers 🍻 cheers 🥂 whisky 🥃
soccer ⚽ basketball 🏀 football 🏈 baseball ⚾ tennis 🎾 trophy 🏆 medal 🏅 first_place 🥇 dart 🎯
bowling 🎳 video_game 🎮 dice 🎲 puzzle 🧩 art 🎨 guitar 🎸 piano 🎹 trumpet 🎺 violin 🎻
drum 🥁 microphone 🎤 headphones 🎧 musical_note 🎵 notes 🎶 clapper 🎬 ticket 🎫 car 🚗 taxi 🚕
bus 🚌 ambulance 🚑 fire_engine 🚒 police_car 🚓 truck 🚚 tractor 🚜 bike 🚲 scooter 🛴 train 🚆
metro 🚇 airplane_departure 🛫 airplane_arrival 🛬 rocket 🚀 ufo 🛸 helicopter 🚁 sailboat ⛵ ship 🚢
anchor ⚓ construction 🚧 traffic_light 🚦 fuel ⛽ house 🏠 office 🏢 hospital 🏥 bank 🏦 hotel 🏨
school 🏫 factory 🏭 castle 🏰 tent ⛺ fountain ⛲ bridge 🌉 sunrise 🌅 sunset 🌇 night 🌃 watch ⌚
phone 📱 laptop 💻 battery 🔋 plug 🔌 bulb 💡 flashlight 🔦 floppy 💾 cd 💿 camera 📷 movie_camera 🎥
tv 📺 radio 📻 alarm ⏰ hourglass ⌛ money 💰 dollar 💵 euro 💶 credit_card 💳 gem 💎 wrench 🔧
hammer 🔨 nut_and_bolt 🔩 magnet 🧲 bomb 💣 knife 🔪 key 🔑 lock 🔒 unlock 🔓 bell 🔔
no_bell 🔕 mega 📣 loudspeaker 📢 mag 🔍 microscope 🔬 telescope 🔭 syringe 💉 pill 💊 dna 🧬
test_tube 🧪 broom 🧹 basket 🧺 toilet_paper 🧻 bath 🛁 door 🚪 bed 🛌 gift 🎁 balloon 🎈 tada 🎉
confetti 🎊 ribbon 🎀 crown 👑 hat 🎩 graduation 🎓 glasses 👓 shirt 👕 jeans 👖 dress 👗 shoe 👞
sneaker 👟 boot 👢 backpack 🎒 handbag 👜 lipstick 💄 ring 💍 book 📖 books 📚 notebook 📓 memo 📝
newspaper 📰 bookmark 🔖 envelope 📩 mailbox 📫 package 📦 inbox 📥 outbox 📤 calendar 📅
chart_up 📈 chart_down 📉 bar_chart 📊 clipboard 📋 pushpin 📌 paperclip 📎 straight_ruler 📏
folder 📁 open_folder 📂 link 🔗 check ✅ cross ❌ question ❓ exclamation ❗ no_entry ⛔ prohibited 🚫
warning_light 🚨 stop 🛑 refresh 🔄 back 🔙 soon 🔜 top 🔝 new 🆕 free 🆓 ok 🆗 sos 🆘
red_circle 🔴 orange_circle 🟠 yellow_circle 🟡 green_circle 🟢 blue_circle 🔵 purple_circle 🟣
black_circle ⚫ white_circle ⚪ checkered_flag 🏁 triangular_flag 🚩 ship_it 🚢 +1 👍 -1 👎
`

export interface NamedEmoji {
  readonly name: string
  readonly emoji: string
}

/** In the order of the table. */
export const NAMED_EMOJI: readonly NamedEmoji[] = TABLE.trim()
  .split(/\s+/)
  .flatMap((word, at, words) => (at % 2 === 0 ? [{ name: word, emoji: words[at + 1] ?? '' }] : []))
